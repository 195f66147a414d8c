import autocannon from 'autocannon';
import type { Measurement } from '../measurement.ts';
import { BATCH_SIZE } from '../scenario.ts';
import { quantile, steadyRate } from '../stats.ts';
import { bodyMaker, pooled } from './bodies.ts';
import { isGood, probe } from './probe.ts';
import type { LoadJob } from './protocol.ts';

/** Bodies a second that are made ahead; no server here answers more uncached requests. */
const POOL_PER_SECOND = 8_000;

/** Sends as many requests as all connections carry, each waiting for its answer. */
export async function flood(job: LoadJob): Promise<Measurement> {
  const { body, seconds } = job;
  const headers = { ...job.headers, 'content-type': 'application/json' };
  const make = bodyMaker(body, job.seed);
  await probe(job.url, make(), headers);
  const fixed = body.mode === 'cached';
  const next = fixed ? make : pooled(make, POOL_PER_SECOND * seconds);
  const durations: number[] = [];
  const times: number[] = [];
  let failed = 0;
  const started = performance.now();
  const finished = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: job.url,
        method: 'POST',
        headers,
        connections: job.connections,
        duration: seconds,
        sampleInt: 100,
        timeout: 30,
        // A GraphQL server says 200 even to what fails.
        ...(body.api.kind !== 'rest' && { verifyBody: (text) => isGood(String(text)) }),
        requests: [
          fixed
            ? { body: make() }
            : {
                setupRequest: (request: autocannon.Request) => {
                  request.body = next();
                  return request;
                },
              },
        ],
      },
      (error: Error | null, result) => (error ? reject(error) : resolve(result)),
    );
    instance.on('response', (_client, status, _bytes, milliseconds) => {
      if (status < 200 || status >= 300) {
        failed++;
        return;
      }
      durations.push(milliseconds);
      times.push(performance.now() - started);
    });
  });
  durations.sort((a, b) => a - b);
  const rows = body.mode === 'batch' ? BATCH_SIZE : 1;
  return {
    perSecond: steadyRate(times, seconds * 1000) * rows,
    p50Ms: quantile(durations, 0.5),
    p99Ms: quantile(durations, 0.99),
    errors: failed + finished.errors + finished.timeouts + finished.mismatches,
  };
}
