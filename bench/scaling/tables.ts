import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Measured } from './measure.ts';
import { simulate, type Scenario } from './simulate.ts';

/** What `npx tsx bench/scaling/main.ts --measure` wrote last. */
export const MEASURED_FILE = path.join(import.meta.dirname, 'measured.json');

/** Replicas that are simulated. */
const SIZES = [10, 100, 1_000];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Reads what was measured. */
export function readMeasured(): Measured {
  return JSON.parse(readFileSync(MEASURED_FILE, 'utf8')) as Measured;
}

/** The scenario of the documentation: 5 seconds with 200 requests a second and replica. */
export function scenarioOf(
  measured: Measured,
  change: Pick<Scenario, 'replicas' | 'redis' | 'rollingUpdate'>,
): Scenario {
  return {
    seed: 42,
    ratePerReplica: 200,
    requests: change.replicas * 1_000,
    inputs: 20_000,
    cacheEntries: 2_000,
    missMs: measured.missMs,
    hitMs: measured.hitMs,
    redisMs: measured.redisMs,
    ...change,
  };
}

/** Table of what was measured. */
export function measuredTable(measured: Measured): string {
  const sorted = [...measured.missMs].sort((a, b) => a - b);
  const at = (quantile: number) =>
    `${(sorted[Math.floor(quantile * (sorted.length - 1))] ?? 0).toFixed(2)} ms`;
  const { store, read } = measured.redis;
  return table(
    ['measured', 'value'],
    [
      ['processor time of a prediction that no cache has: p50, p99', `${at(0.5)}, ${at(0.99)}`],
      ['processor time of an answer out of memory, p50', `${measured.hitMs.toFixed(2)} ms`],
      ['an answer out of Redis, more than that', `${measured.redisMs.toFixed(2)} ms`],
      [
        'predictions of one core in a second, 32 at once, nothing cached',
        String(measured.missesPerSecond),
      ],
      ['Redis for an answer that is stored', `${store.commands} commands, ${store.bytes} bytes`],
      ['Redis for an answer that is read', `${read.commands} commands, ${read.bytes} bytes`],
    ],
  );
}

/**
 * Table of the simulation.
 *
 * @param sizes numbers of replicas
 */
export function simulatedTable(measured: Measured, sizes: readonly number[] = SIZES): string {
  const rows = sizes.flatMap((replicas) =>
    [false, true].flatMap((redis) =>
      [false, true].map((rollingUpdate) => {
        const outcome = simulate(scenarioOf(measured, { replicas, redis, rollingUpdate }));
        return [
          String(replicas),
          redis ? 'yes' : 'no',
          rollingUpdate ? 'rolling update' : 'steady',
          `${(outcome.hitRate * 100).toFixed(1)} %`,
          `${(outcome.utilization * 100).toFixed(1)} %`,
          `${outcome.p50Ms.toFixed(2)} ms`,
          `${outcome.p99Ms.toFixed(2)} ms`,
        ];
      }),
    ),
  );
  return table(['replicas', 'Redis', '', 'cache hits', 'workers busy', 'p50', 'p99'], rows);
}
