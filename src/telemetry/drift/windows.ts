import type { DriftWindow } from '../../services/drift.ts';
import { Tally, type TallyLayout } from './tally.ts';
import type { FeatureRow } from './features.ts';

/** Parts of the recent window, each of which is full before the next begins. */
const RECENT_PARTS = 5;

/** About how many bytes a tally takes besides its counts and ranges. */
const TALLY_BYTES = 856;

const MINUTE_MS = 60_000;

/** Windows of time: length of a part, and how many there are. */
const TIMED = {
  HOUR: { partMs: 5 * MINUTE_MS, parts: 12 },
  DAY: { partMs: 60 * MINUTE_MS, parts: 24 },
} as const;

/** Parts of a window, the newest last; the oldest is used again. */
class Parts {
  readonly #layout: TallyLayout;
  readonly #count: number;
  readonly #tallies: { tally: Tally; begun: number }[] = [];

  constructor(layout: TallyLayout, count: number) {
    this.#layout = layout;
    this.#count = count;
  }

  get newest(): { tally: Tally; begun: number } | undefined {
    return this.#tallies.at(-1);
  }

  begin(now: number): Tally {
    const oldest = this.#tallies.length >= this.#count ? this.#tallies.shift() : undefined;
    const part = oldest ?? { tally: new Tally(this.#layout), begun: now };
    part.begun = now;
    part.tally.clear();
    this.#tallies.push(part);
    return part.tally;
  }

  /** Drops parts that had begun before `time`. */
  expire(time: number): void {
    while (this.#tallies.length > 0 && (this.#tallies[0]?.begun ?? 0) < time) this.#tallies.shift();
  }

  sum(): Tally {
    const total = new Tally(this.#layout);
    for (const { tally } of this.#tallies) total.merge(tally);
    return total;
  }
}

/**
 * Counts of the predictions of the last hour and day, and of the last few hundred. Times come from a
 * clock that never jumps. Memory is that of the parts, whatever the traffic.
 */
export class Windows {
  readonly #layout: TallyLayout;
  readonly #recent: Parts;
  readonly #hour: Parts;
  readonly #day: Parts;
  readonly #partRows: number;
  readonly #now: () => number;
  #part: Tally;

  /**
   * @param rows predictions of the recent window
   * @param now tells the time in milliseconds, never going back
   */
  constructor(layout: TallyLayout, rows: number, now: () => number = () => performance.now()) {
    this.#layout = layout;
    this.#partRows = Math.max(1, Math.ceil(rows / RECENT_PARTS));
    this.#now = now;
    // One more than are full: the one that fills.
    this.#recent = new Parts(layout, RECENT_PARTS + 1);
    this.#hour = new Parts(layout, TIMED.HOUR.parts);
    this.#day = new Parts(layout, TIMED.DAY.parts);
    this.#part = this.#recent.begin(now());
  }

  /** Counts a prediction. @returns whether a part of the recent window is full now */
  add(row: FeatureRow, confidence: number | null): boolean {
    this.#part.add(row, confidence);
    if (this.#part.rows < this.#partRows) return false;
    this.#rotate();
    return true;
  }

  /** The counts of a window, a new tally that is the caller's. */
  of(window: DriftWindow): Tally {
    if (window === 'RECENT') return this.#recent.sum();
    const parts = window === 'HOUR' ? this.#hour : this.#day;
    const { partMs, parts: count } = TIMED[window];
    parts.expire(this.#now() - partMs * count);
    const total = parts.sum();
    total.merge(this.#part);
    return total;
  }

  /** Bytes of the counts, when all parts are in use. */
  get bytes(): number {
    const parts = RECENT_PARTS + 1 + TIMED.HOUR.parts + TIMED.DAY.parts;
    return parts * (TALLY_BYTES + this.#layout.size * 4 + this.#layout.bins.length * 16);
  }

  /** The part that is full goes to the windows of time; they are added to once for all its rows. */
  #rotate(): void {
    const now = this.#now();
    for (const [window, parts] of [
      ['HOUR', this.#hour],
      ['DAY', this.#day],
    ] as const) {
      const { partMs, parts: count } = TIMED[window];
      parts.expire(now - partMs * count);
      const { newest } = parts;
      const tally = newest && now - newest.begun < partMs ? newest.tally : parts.begin(now);
      tally.merge(this.#part);
    }
    this.#part = this.#recent.begin(now);
  }
}
