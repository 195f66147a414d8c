import type { BenchResults } from './results.ts';
import { ratioOf } from './results.ts';
import type { SubjectId } from './scenario.ts';

/** A promise of the project: a ratio that must be reached, or a figure to stay under. */
export type Target =
  | {
      readonly what: string;
      readonly scenario: string;
      readonly over: SubjectId;
      readonly under: SubjectId;
      readonly atLeast: number;
    }
  | { readonly what: string; readonly figure: string; readonly under: number };

/** A target and what became of it. */
export interface TargetRow {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: 'yes' | 'no' | 'not measured';
}

/** All targets, in the order of the report. */
export const TARGETS: readonly Target[] = [
  {
    what: 'REST, cached, against FastAPI + PyTorch + Redis, cached',
    scenario: 'cached-rest',
    over: 'server-rest',
    under: 'seed',
    atLeast: 5,
  },
  {
    what: 'REST, uncached `digits`, against FastAPI + PyTorch + Redis',
    scenario: 'uncached-digits',
    over: 'server-rest',
    under: 'seed',
    atLeast: 8,
  },
  {
    what: 'REST, uncached `encoder`, against FastAPI + PyTorch + Redis',
    scenario: 'uncached-encoder',
    over: 'server-rest',
    under: 'seed',
    atLeast: 2.3,
  },
  {
    what: 'REST, uncached `encoder`, against the engine alone with full batches',
    scenario: 'uncached-encoder',
    over: 'server-rest',
    under: 'raw',
    atLeast: 0.95,
  },
  {
    what: 'GraphQL, cached `predict`, against bare Yoga with a constant resolver',
    scenario: 'cached-graphql',
    over: 'server-graphql',
    under: 'yoga',
    atLeast: 2.5,
  },
  {
    what: 'GraphQL, cached `predict`, against bare Mercurius with JIT',
    scenario: 'cached-graphql',
    over: 'server-graphql',
    under: 'mercurius',
    atLeast: 1,
  },
  {
    what: 'REST, cached: API key and rate limit in memory, against open access',
    scenario: 'cached-access',
    over: 'server-key',
    under: 'server-rest',
    atLeast: 0.95,
  },
  {
    what: 'REST, cached: API key and rate limit in Redis, against open access',
    scenario: 'cached-access',
    over: 'server-key-redis',
    under: 'server-rest',
    atLeast: 0.85,
  },
  {
    what: 'REST, cached: JSON Web Token, against open access',
    scenario: 'cached-access',
    over: 'server-jwt',
    under: 'server-rest',
    atLeast: 0.9,
  },
  {
    what: 'A lone uncached request: added to the time of the engine, p50',
    figure: 'lone',
    under: 0.5,
  },
  {
    what: '5,000 subscribers to the metrics each second: event-loop delay, p99',
    figure: 'subscribers',
    under: 50,
  },
  { what: 'From `npm start` after a build to ready, three models', figure: 'start', under: 1500 },
];

/** Compares the results with the targets. */
export function judge(results: BenchResults, targets: readonly Target[] = TARGETS): TargetRow[] {
  return targets.map((target): TargetRow => {
    const { what } = target;
    if ('figure' in target) {
      const figure = results.figures.find(({ id }) => id === target.figure);
      const limit = `under ${target.under} ms`;
      if (!figure) return { what, measured: '–', target: limit, met: 'not measured' };
      const { median } = figure.value;
      const met = median < target.under ? 'yes' : 'no';
      return { what, measured: `${round(median)} ms`, target: limit, met };
    }
    const ratio = ratioOf(results, target.scenario, target.over, target.under);
    const goal = `${target.atLeast} ×`;
    if (!ratio) return { what, measured: '–', target: goal, met: 'not measured' };
    const met = ratio.median >= target.atLeast ? 'yes' : 'no';
    return { what, measured: `${round(ratio.median)} ×`, target: goal, met };
  });
}

/** Three significant digits, without an exponent; a dash for what is not known. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}
