import { waitFor } from '../children.ts';
import type { BenchContext } from '../contenders/contender.ts';
import { writeAccessFile } from '../contenders/credentials.ts';
import { startServer } from '../contenders/this-server.ts';
import { freshInputs } from '../load/inputs.ts';
import type { Figure } from '../results.ts';
import { median, spread } from '../stats.ts';

/** The flood: requests at once, and the rows of each. */
const FLOODS = 5;
const FLOOD_ROWS = 10_000;

/** Longest wait until the flood fills the queue, in milliseconds. */
const QUEUED_WITHIN_MS = 30_000;

/** Rows that wait: each request of the flood has some dozens in the queue at a time. */
const FLOODED = 200;

const MODEL = 'encoder';

/**
 * What a caller with one request after the other has of it that another sends 50,000 rows: its p99
 * beside them, as a part of twice its p99 alone and one batch (its p50 alone, which is one).
 *
 * @throws {Error} where the flood does not get there, or is over before the measurement
 */
export async function measureFairness(
  { driver, models }: BenchContext,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Figure> {
  const { file, keys } = writeAccessFile();
  const { url, child } = await startServer(models.folder, {
    ...{ ACCESS_FILE: file, CACHE_MAX_BYTES: '0', REQUEST_TIMEOUT_MS: '600000' },
    ...{ MAX_QUEUE_ROWS: String(2 * FLOODS * FLOOD_ROWS) },
  });
  const quiet = () =>
    driver.run({
      ...{ kind: 'lone', url: `${url}/predict`, connections: 1, seconds },
      body: { api: { kind: 'rest' }, model: MODEL, mode: 'uncached' },
      headers: { 'x-api-key': keys[0] },
    });
  try {
    await waitFor(`${url}/readyz`, child);
    await quiet();
    const parts: number[] = [];
    const alone: number[] = [];
    for (let turn = 0; turn < rounds; turn++) {
      const before = await quiet();
      const flood = startFlood(url, keys[1], turn);
      try {
        await flood.isQueued();
        const beside = await quiet();
        if (!flood.isRunning()) throw new Error('the flood was over too early');
        alone.push(before.p99Ms);
        parts.push(beside.p99Ms / (2 * before.p99Ms + before.p50Ms));
      } finally {
        await flood.stop();
      }
    }
    return {
      id: 'fairness',
      title: 'A quiet caller beside 50,000 rows of another key, p99',
      unit: '×',
      value: spread(parts),
      about: `As a part of twice its p99 alone (${median(alone).toFixed(1)} ms) and one batch; model \`${MODEL}\`, uncached.`,
    };
  } finally {
    await child.stop();
  }
}

function startFlood(url: string, key: string, turn: number) {
  const left = new AbortController();
  let running = FLOODS;
  let refusal = '';
  const requests = Array.from({ length: FLOODS }, async (_, i) => {
    const next = freshInputs(MODEL, 500_000 + turn * FLOODS + i);
    try {
      const response = await fetch(`${url}/predict/batch`, {
        method: 'POST',
        signal: left.signal,
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({
          ...{ model: MODEL, options: { priority: 'interactive' } },
          inputs: Array.from({ length: FLOOD_ROWS }, next),
        }),
      });
      const text = await response.text();
      if (!response.ok) refusal = text.slice(0, 200);
    } catch {
      // Most of it is never answered: the measurement is over before.
    } finally {
      running--;
    }
  });
  return {
    isRunning: () => running > 0,
    async isQueued(): Promise<void> {
      const deadline = performance.now() + QUEUED_WITHIN_MS;
      while (performance.now() < deadline) {
        const page = await fetch(`${url}/metrics/prometheus`, { headers: { 'x-api-key': key } });
        if (isDeep(await page.text())) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`the flood did not fill the queue ${refusal}`);
    },
    async stop(): Promise<void> {
      left.abort();
      await Promise.all(requests);
    },
  };
}

/** Whether so many rows wait, by the page that Prometheus reads. */
function isDeep(page: string): boolean {
  const waiting = Array.from(
    page.matchAll(/^ml_inference_queue_rows\{[^}]*\} (\d+)/gm),
    ([, rows]) => Number(rows),
  );
  return Math.max(0, ...waiting) > FLOODED;
}
