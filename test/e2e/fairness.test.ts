import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/access/api-key.ts';
import { internalCall } from '../../src/services/call.ts';
import { faultTensors, writeFaultModel } from '../support/faults/fault-model.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

/** Rows of one request of the flood, and how many of them there are. */
const FLOOD_ROWS = 10_000;
const FLOODS = 5;

/** Turns of a loop in the engine, about a microsecond each: a run takes tens of milliseconds. */
const COST = 20_000;

/** Rows that wait beside the quiet caller; each request of the flood has some hundreds there. */
const ENOUGH = 700;

/** Requests of the quiet caller. */
const REQUESTS = 60;

describe('a quiet caller beside a flood of 50,000 rows', { timeout: 120_000 }, () => {
  let home: string;
  let server: RunningApp;
  const keys = { quiet: createApiKey(), flood: createApiKey() };
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'fairness-'));
    const accessFile = path.join(home, 'access.yaml');
    const written = Object.entries(keys).map(([name, { id, sha256 }]) => ({
      ...{ id, sha256, name, scopes: ['predict'] },
    }));
    await writeFile(accessFile, JSON.stringify({ keys: written }));
    const modelsDir = path.join(home, 'models');
    await writeFaultModel(modelsDir, 'slow');
    server = await runApp({
      ...{ accessFile, modelsDir, cacheMaxBytes: 0, requestTimeoutMs: 600_000 },
      maxQueueRows: 2 * FLOOD_ROWS * FLOODS,
    });
  });
  afterAll(async () => {
    await server.stop();
    await rm(home, { recursive: true });
  });

  let sent = 0;
  const row = () => ({ tensors: faultTensors({ x: sent++, cost: COST }) });
  const snapshot = () => server.app.services.metrics.snapshot(internalCall('test'), 'slow');
  const queuedRows = (): number => snapshot().queuedRows;

  /** Batches that ended while each of some requests was answered, one request after the other. */
  const quietly = async (times: number): Promise<number[]> => {
    const waited: number[] = [];
    for (let i = 0; i < times; i++) {
      const body = { input: row(), model: 'slow' };
      const before = snapshot().batches;
      const { status } = await server.post('/predict', body, { 'x-api-key': keys.quiet.key });
      waited.push(snapshot().batches - before);
      expect(status).toBe(200);
    }
    return waited.sort((a, b) => a - b);
  };
  const p95 = (sorted: readonly number[]) => sorted[Math.ceil(sorted.length * 0.95) - 1] ?? NaN;

  // In batches, not in milliseconds, which `npm run bench` measures: other work on the machine does
  // not change what runs before what.
  it('waits for at most twice the batches that it does alone, plus one', async () => {
    const alone = await quietly(5);
    expect(alone).toEqual([1, 1, 1, 1, 1]);
    const left = new AbortController();
    const floods = Array.from({ length: FLOODS }, () =>
      fetch(`${server.url}/predict/batch`, {
        method: 'POST',
        signal: left.signal,
        headers: { 'content-type': 'application/json', 'x-api-key': keys.flood.key },
        body: JSON.stringify({
          ...{ model: 'slow', options: { priority: 'interactive' } },
          inputs: Array.from({ length: FLOOD_ROWS }, row),
        }),
      }).then(
        async (response) => `${response.status} ${await response.text()}`,
        () => 'left',
      ),
    );
    await expect.poll(queuedRows, { timeout: 60_000 }).toBeGreaterThan(ENOUGH);
    const beside = await quietly(REQUESTS);
    // The flood was there all the time: behind all that waits, a request would take a dozen batches.
    const stillQueued = queuedRows();
    left.abort();
    await Promise.all(floods);
    expect(stillQueued).toBeGreaterThan(ENOUGH);
    expect(p95(beside)).toBeLessThanOrEqual(3);
    // A batch or two may end while a request is still on its way to the queue.
    expect(beside.at(-1)).toBeLessThanOrEqual(6);
  });
});
