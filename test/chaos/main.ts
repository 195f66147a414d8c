import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeFaultModel } from '../support/faults/fault-model.ts';
import { redisServerAvailable, RedisServer } from '../support/redis-server.ts';
import { startChaosServer } from './chaos-server.ts';
import { MODELS, runClient } from './client.ts';
import { FAULTS, type Targets } from './faults.ts';
import { OUTCOMES, Tally } from './tally.ts';

/**
 * `npm run test:chaos`: load from several clients while parts of the server are broken at random.
 * Nothing may be answered wrong or not at all, and the memory may not grow. `CHAOS_SECONDS` sets
 * its length (default 120, at most 1800).
 */

const CLIENTS = 12;
const SECONDS = Math.min(1_800, Math.max(10, Number(process.env.CHAOS_SECONDS ?? 120)));

/** Share of the time before the memory is read for the first time. */
const WARM_UP = 0.4;

/** Pause between two faults, in milliseconds. */
const PAUSE_MS = 700;

/** Most growth of the resident set after the warm-up. */
const MOST_GROWTH = 0.1;

execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
const models = await mkdtemp(path.join(os.tmpdir(), 'chaos-'));
const manifest = (kind: string) => `workers: { count: 2, isolation: ${kind} }\n`;
const [thread, processes] = await Promise.all(
  MODELS.map((kind) => writeFaultModel(models, kind, { manifest: manifest(kind) })),
);
const redis = redisServerAvailable ? await RedisServer.start() : undefined;
const server = await startChaosServer({
  MODELS_DIR: models,
  RUN_TIMEOUT_MS: '2000',
  REQUEST_TIMEOUT_MS: '10000',
  CACHE_MAX_BYTES: '8MB',
  ...(redis && { REDIS_URL: redis.url }),
});
const targets: Targets = {
  server,
  redis,
  files: { thread: thread ?? '', process: processes ?? '' },
};

const tally = new Tally();
const happened = new Map<string, number>();
const stop = new AbortController();
const clients = Array.from({ length: CLIENTS }, () => runClient(server.url, tally, stop.signal));

/** Breaks one thing after the other for a while. */
async function breakThings(seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  const names = Object.keys(FAULTS);
  for (let i = 0; performance.now() < end && !server.dead; i++) {
    const name = names[i % names.length] ?? '';
    await FAULTS[name]?.(targets);
    happened.set(name, (happened.get(name) ?? 0) + 1);
    await delay(Math.random() * 2 * PAUSE_MS);
  }
}

await breakThings(SECONDS * WARM_UP);
const before = await server.state();
await breakThings(SECONDS * (1 - WARM_UP));
stop.abort();
await Promise.all(clients);
// Whatever was broken last has its time to come back.
for (let tries = 0; (await server.state()).health !== 'healthy' && tries < 100; tries++) {
  await delay(500);
}
const after = await server.state();
const exitCode = await server.stop();
await redis?.stop();
await rm(models, { recursive: true });

const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MB`;
const growth = after.rss / before.rss - 1;
const print = (text: string) => process.stdout.write(`${text}\n`);
print(`\n${SECONDS} s, ${CLIENTS} clients, ${redis ? 'with' : 'without'} Redis\n`);
for (const [name, times] of happened) print(`${String(times).padStart(8)} × ${name}`);
print('');
print(`${String(tally.sent).padStart(8)} inputs sent`);
for (const outcome of OUTCOMES) print(`${String(tally.counts[outcome]).padStart(8)} ${outcome}`);
for (const [code, times] of tally.codes) print(`${String(times).padStart(16)} ${code}`);
print(
  `\nRSS ${megabytes(before.rss)} after warm-up, ${megabytes(after.rss)} at the end ` +
    `(${(growth * 100).toFixed(1)} %); health ${after.health}; exit ${exitCode}`,
);
for (const sample of tally.samples) print(JSON.stringify(sample));
const problems = [
  tally.counts.wrong > 0 && 'wrong answers',
  tally.counts.lost > 0 && 'lost answers',
  growth > MOST_GROWTH && 'memory grew',
  after.health !== 'healthy' && 'not healthy at the end',
  exitCode !== 0 && 'unclean exit',
].filter((problem) => problem !== false);
print(problems.length > 0 ? `FAILED: ${problems.join(', ')}` : 'passed');
process.exit(problems.length > 0 ? 1 : 0);
