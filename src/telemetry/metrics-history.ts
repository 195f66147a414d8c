import { threeDecimals } from '../durations.ts';
import type { MetricsPoint } from '../services/metrics-history.ts';
import type { Metrics } from './metrics.ts';
import type { MetricsTotals } from './metrics-totals.ts';

/** Time between two points, in seconds. */
export const HISTORY_STEP_SECONDS = 10;

/** Points that are kept: those of an hour. */
const POINTS = 3_600 / HISTORY_STEP_SECONDS;

const HALF_STEP_MS = (HISTORY_STEP_SECONDS * 1000) / 2;

/** Figures of one point; their order is that of the array that holds them. */
const FIGURES = ['requests', 'failed', 'hits', 'misses', 'p50', 'p95', 'p99'] as const;

type Figure = (typeof FIGURES)[number];

/** What was counted up to one moment, since the start of the process. */
type Reading = Readonly<Record<Figure, number>>;

/** The readings of one model, or of all together. */
interface Track {
  readonly figures: Float64Array;
  /** Number of the first reading that it has. */
  readonly from: number;
}

/**
 * The last hour of each model and of all together, one point every ten seconds, so that charts need
 * not begin when somebody starts to look. Models that were never asked for take no memory.
 */
export class MetricsHistory {
  readonly #metrics: Metrics;
  readonly #times = new Float64Array(POINTS);
  /** By name of the model; all together under `null`. */
  readonly #tracks = new Map<string | null, Track>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  /** Takes the first reading, and then one every ten seconds. */
  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.sample();
    this.#timer = setInterval(() => this.sample(), HISTORY_STEP_SECONDS * 1000).unref();
  }

  /** Takes a reading; also done by a timer. */
  sample(): void {
    const slot = this.#count % POINTS;
    this.#times[slot] = this.#metrics.now();
    this.#write(null, slot, this.#metrics.totals());
    for (const model of this.#metrics.models) {
      const totals = this.#metrics.totals(model);
      if (totals.requests > 0 || this.#tracks.has(model)) this.#write(model, slot, totals);
    }
    this.#count += 1;
  }

  /**
   * The points of the last hour, the oldest first; the last one ends now.
   *
   * @param model left out, all together
   * @param isCounted which models count for who asks, where not all do
   */
  points(model?: string, isCounted?: (model: string) => boolean): readonly MetricsPoint[] {
    let names: readonly (string | null)[] = [model ?? null];
    if (model === undefined && isCounted) names = this.#metrics.models.filter(isCounted);
    const at = this.#metrics.now();
    const readings = this.#readings(names);
    // Of a moment no rate can be told: the last point takes the begun interval and the one before.
    const last = readings.at(-1);
    if (last && readings.length > 1 && at - last.at < HALF_STEP_MS) readings.pop();
    const now = names.map((name) => readingOf(this.#metrics.totals(name ?? undefined)));
    return [...readings, { at, reading: sum(now) }].flatMap((reading, index, all) => {
      const before = all[index - 1];
      return before && reading.at > before.at ? [pointOf(before, reading)] : [];
    });
  }

  /** Ends the timer. */
  close(): void {
    clearInterval(this.#timer);
  }

  #write(name: string | null, slot: number, totals: MetricsTotals): void {
    let track = this.#tracks.get(name);
    if (!track) {
      track = { figures: new Float64Array(POINTS * FIGURES.length), from: this.#count };
      this.#tracks.set(name, track);
    }
    const reading = readingOf(totals);
    FIGURES.forEach((figure, at) => {
      track.figures[slot * FIGURES.length + at] = reading[figure];
    });
  }

  /** What is kept of some models, added up, the oldest first. */
  #readings(names: readonly (string | null)[]): At[] {
    const tracks = names.map((name) => this.#tracks.get(name));
    const first = Math.max(0, this.#count - POINTS);
    return Array.from({ length: this.#count - first }, (_none, index) => {
      const slot = (first + index) % POINTS;
      // Before a model was asked for the first time there was nothing to count.
      const kept = tracks.map((track) =>
        track !== undefined && first + index >= track.from ? read(track, slot) : NOTHING,
      );
      return { at: this.#times[slot] ?? 0, reading: sum(kept) };
    });
  }
}

const NOTHING: Reading = {
  requests: 0,
  failed: 0,
  hits: 0,
  misses: 0,
  p50: NaN,
  p95: NaN,
  p99: NaN,
};

function read({ figures }: Track, slot: number): Reading {
  const entries = FIGURES.map((figure, at) => [figure, figures[slot * FIGURES.length + at] ?? 0]);
  return Object.fromEntries(entries) as Reading;
}

function readingOf({ requests, failed, cacheHits, cacheMisses, latency }: MetricsTotals): Reading {
  const { p50Ms, p95Ms, p99Ms } = latency.figures();
  return {
    requests,
    failed,
    hits: cacheHits,
    misses: cacheMisses,
    p50: p50Ms ?? NaN,
    p95: p95Ms ?? NaN,
    p99: p99Ms ?? NaN,
  };
}

/** Counts add up; percentiles do not. */
function sum(readings: readonly Reading[]): Reading {
  const [only] = readings;
  if (only && readings.length === 1) return only;
  const total = (figure: Figure): number =>
    readings.reduce((added, reading) => added + reading[figure], 0);
  return {
    ...NOTHING,
    requests: total('requests'),
    failed: total('failed'),
    hits: total('hits'),
    misses: total('misses'),
  };
}

interface At {
  readonly at: number;
  readonly reading: Reading;
}

function pointOf(before: At, now: At): MetricsPoint {
  const seconds = (now.at - before.at) / 1000;
  const grown = (figure: Figure): number =>
    Math.max(0, now.reading[figure] - before.reading[figure]);
  const lookups = grown('hits') + grown('misses');
  const toldMs = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);
  return {
    timestamp: now.at,
    requestsPerSecond: threeDecimals(grown('requests') / seconds),
    failuresPerSecond: threeDecimals(grown('failed') / seconds),
    cacheHitRate: lookups === 0 ? null : grown('hits') / lookups,
    p50Ms: toldMs(now.reading.p50),
    p95Ms: toldMs(now.reading.p95),
    p99Ms: toldMs(now.reading.p99),
  };
}
