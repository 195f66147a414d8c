import type { FeatureRow } from './features.ts';

/** Rows that are kept. */
const MAX_ROWS = 1000;

/** About how many bytes a value takes, and a row besides. */
const BYTES_PER_VALUE = 16;
const BYTES_PER_ROW = 48;

/**
 * A fair sample of all rows that were offered (Vitter's algorithm R): numbers and categories, no
 * inputs. Texts longer than a category are cut.
 */
export class Reservoir {
  readonly #rows: FeatureRow[] = [];
  #offered = 0;

  get rows(): readonly FeatureRow[] {
    return this.#rows;
  }

  /** About how many bytes the sample takes when it is full. */
  get bytes(): number {
    return MAX_ROWS * (BYTES_PER_ROW + (this.#rows[0]?.length ?? 0) * BYTES_PER_VALUE);
  }

  /** Offers a row, which is copied where it is kept. */
  offer(row: FeatureRow): void {
    const place =
      this.#offered < MAX_ROWS ? this.#offered : Math.floor(Math.random() * (this.#offered + 1));
    this.#offered++;
    if (place < MAX_ROWS) this.#rows[place] = row.slice();
  }
}
