import { LatencyHistogram } from './latency-histogram.ts';

/** Length of one slice of the window, in milliseconds. */
const SLICE_MS = 10_000;

/** Slices of the window, the begun one among them. */
const SLICES = 6;

/** Length of the window, in seconds: this long at most, a slice less at least. */
export const LATENCY_WINDOW_SECONDS = (SLICES * SLICE_MS) / 1000;

/** Latencies of the last minute, so that an incident shows however long the server has been up. */
export class LatencyWindow {
  readonly #slices = Array.from({ length: SLICES }, () => new LatencyHistogram());
  /** Number, counted from 1970, of the slice of time that each histogram holds. */
  readonly #numbers = new Float64Array(SLICES);

  /** Counts one duration of `ms` milliseconds at `nowMs`, in milliseconds since 1970. */
  record(ms: number, nowMs: number): void {
    this.#slice(Math.floor(nowMs / SLICE_MS))?.record(ms);
  }

  /** Adds what lies in the window that ends at `nowMs` to a histogram. */
  addTo(histogram: LatencyHistogram, nowMs: number): void {
    const latest = Math.floor(nowMs / SLICE_MS);
    for (const [at, slice] of this.#slices.entries()) {
      const age = latest - (this.#numbers[at] ?? 0);
      if (age >= 0 && age < SLICES) histogram.add(slice);
    }
  }

  /** Adds what another window holds. */
  add(other: LatencyWindow): void {
    for (const [at, slice] of other.#slices.entries()) {
      if (slice.count > 0) this.#slice(other.#numbers[at] ?? 0)?.add(slice);
    }
  }

  /** The histogram of a slice of time; `undefined` for one that is over and was given up. */
  #slice(number: number): LatencyHistogram | undefined {
    const at = number % SLICES;
    const held = this.#numbers[at] ?? 0;
    const slice = this.#slices[at];
    if (number === held) return slice;
    if (number < held) return undefined;
    this.#numbers[at] = number;
    slice?.clear();
    return slice;
  }
}
