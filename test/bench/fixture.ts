import type { Measurement } from '../../bench/measurement.ts';
import { type BenchResults, subjectResult } from '../../bench/results.ts';

/** A measurement with that rate. */
export function at(perSecond: number): Measurement {
  return { perSecond, p50Ms: 1, p99Ms: 2, errors: 0, cpuUs: 30 };
}

/** Results of one scenario with a target, and of one figure. */
export const RESULTS: BenchResults = {
  date: '2026-01-02T03:04:05.000Z',
  command: 'npm run bench',
  machine: '2 × Test processor',
  rounds: 2,
  seconds: 3,
  connections: 32,
  scenarios: [
    {
      id: 'cached-rest',
      title: 'REST, cached',
      subjects: [
        subjectResult('server-rest', [at(1200), at(1000)]),
        subjectResult('seed', [at(200), at(200)], 'one | worker'),
        subjectResult('node-http', [at(2400), at(2000)]),
      ],
      skipped: [{ subject: 'server-redis', reason: 'redis-server is not installed\nmore' }],
    },
  ],
  figures: [
    {
      id: 'start',
      title: 'Start to ready',
      unit: 'ms',
      value: { median: 1600, min: 1500, max: 1700 },
      about: 'Twice.',
    },
  ],
  remarks: ['A remark.'],
};
