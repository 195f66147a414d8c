import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { ATTACKS, type Attack } from '../support/limits/attacks.ts';
import { startLoopMeter } from '../support/limits/loop-hold.ts';
import { startServerProcess } from '../support/faults/server-process.ts';

/**
 * `npm run test:limits`: sends single requests that try to hold the event loop of a server at its
 * default limits, and measures from another process for how long each does. `LIMITS_ONLY` picks
 * those whose name contains it.
 */

const TRIES = 5;

/** Longest time that the loop may be held, in milliseconds. */
const MOST_MS = 50;

/** The same for a body near the largest. */
const MOST_LARGE_MS = 250;

execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });

interface Sent {
  readonly status: number;
  readonly bytes: number;
  readonly start: string;
}

function send(url: string, attack: Attack, body: Buffer): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const sent = request(url + attack.path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': String(body.length),
        ...attack.headers,
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let bytes = 0;
      let start = '';
      response.on('data', (chunk: Buffer) => {
        if (start.length < 160) start += chunk.toString('latin1').slice(0, 160);
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes, start }));
    });
    sent.end(body);
  });
}

await using server = startServerProcess({ LOG_LEVEL: 'info', LOG_FORMAT: 'json' });
const url = await server.ready();
using meter = startLoopMeter(Number(new URL(url).port));
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function best(work: () => Promise<unknown>, tries: number, enough = 0): Promise<number> {
  let least = Infinity;
  for (let at = 0; at < tries && least > enough; at++) {
    least = Math.min(least, await meter.during(work));
  }
  return least;
}

const idle = await best(() => rest(200), TRIES);
console.log(`idle: ${idle.toFixed(1)} ms`);
let failed = 0;
const only = process.env.LIMITS_ONLY ?? '';
for (const attack of ATTACKS.filter(({ name }) => name.includes(only))) {
  const body = attack.body();
  let sent: Sent | undefined;
  let tookMs = Infinity;
  const most = attack.isLarge ? MOST_LARGE_MS : MOST_MS;
  try {
    const held = await best(
      async () => {
        const begun = performance.now();
        sent = await send(url, attack, body);
        tookMs = Math.min(tookMs, performance.now() - begun);
      },
      TRIES,
      process.env.LIMITS_QUICK ? most * 0.8 : 0,
    );
    const net = held - idle;
    if (net > most) failed++;
    console.log(
      `${net > most ? 'OVER' : 'ok  '} ${net.toFixed(0).padStart(5)} ms of ${most}, took ${tookMs.toFixed(0)} ms, ` +
        `${(body.length / 1e6).toFixed(2)} MB → ${sent?.status} ${((sent?.bytes ?? 0) / 1e6).toFixed(2)} MB: ${attack.name}`,
    );
    if (process.env.LIMITS_SHOW) console.log(`     ${sent?.start}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${String(error)}: ${attack.name}`);
    if ((await Promise.race([server.exit, rest(100).then(() => 'alive')])) !== 'alive') break;
  }
}
console.log(failed === 0 ? 'all within the limits' : `${failed} over the limits`);
process.exitCode = failed === 0 ? 0 : 1;
