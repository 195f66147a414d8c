import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { startServerProcess } from '../support/faults/server-process.ts';
import { fuzzManifests } from '../support/fuzz/manifests.ts';
import { FUZZED, sendFuzzed } from '../support/fuzz/requests.ts';

/**
 * `npm run test:fuzz`: 10,000 requests of each kind (`FUZZ_RUNS` sets another number) against a real
 * server, and as many manifests. Every answer must be one of the registry, and the memory flat.
 * `FUZZ_SEED` repeats a run.
 */

const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/** Requests under way at once. */
const AT_ONCE = 8;

/** Most growth of the resident set from the first half of the requests to the second. */
const MOST_GROWTH = 0.25;

execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
await using server = startServerProcess({ LOG_FORMAT: 'json', LOG_LEVEL: 'error' });
const log: unknown[] = [];
const url = await server.ready();
console.log(`seed ${SEED}`);

function residentBytes(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}

let failed = 0;
for (const [name, requests] of Object.entries(FUZZED)) {
  let sent = 0;
  let halfway = 0;
  const given = fc.sample(requests, { numRuns: RUNS, seed: SEED });
  const client = async (): Promise<void> => {
    for (;;) {
      const at = sent++;
      const request = given[at];
      if (!request) return;
      if (at === Math.floor(RUNS / 2)) halfway = residentBytes();
      try {
        await sendFuzzed(url, request);
      } catch (error) {
        failed++;
        console.error(`${name} ${at}: ${String(error)}`);
        console.error(request.path, request.headers, Buffer.from(request.body).toString('base64'));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const end = residentBytes();
  const grown = end / halfway - 1;
  if (grown > MOST_GROWTH) failed++;
  console.log(
    `${name}: ${RUNS} sent, ${(end / 1e6).toFixed(0)} MB (${(grown * 100).toFixed(1)} %)`,
  );
}
console.log(`manifests: ${fuzzManifests(RUNS, SEED)} read`);
if (server.stderr.length > 0 || log.length > 0) failed++;
console.log(failed === 0 ? 'no defect found' : `${failed} defects found`);
process.exitCode = failed === 0 ? 0 : 1;
