import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { faultTensors, writeFaultModel, type FaultRow } from '../support/faults/fault-model.ts';
import { answerOf, type AnswerBody } from '../support/faults/fault-server.ts';
import { redisServerAvailable, RedisServer } from '../support/redis-server.ts';
import { startServerProcess, type ServerProcess } from '../support/faults/server-process.ts';

/** Turns of the model's loop that take some tenths of a second. */
const A_WHILE = 100_000;

/** Turns that take longer than the shutdown may. */
const TOO_LONG = 4_000_000;

const SUBSCRIPTION = 'subscription { metrics(intervalMs: 50) { totalRequests } }';

let models: string;
beforeAll(async () => {
  models = await mkdtemp(path.join(os.tmpdir(), 'shutdown-'));
  for (const kind of ['thread', 'process']) {
    const manifest = `workers: { isolation: ${kind} }\ncache: { enabled: false }\n`;
    await writeFaultModel(models, kind, { manifest });
  }
  await writeFaultModel(models, 'cached');
});
afterAll(() => rm(models, { recursive: true }));

interface Outcome {
  readonly status: number;
  readonly answer: unknown;
  /** Whether the server says that it will close the connection. */
  readonly closes: boolean;
}

/** Sends a prediction; rejects where no answer comes. */
function predict(url: string, model: string, row: FaultRow, agent: Agent): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/predict`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          answer: answerOf(JSON.parse(text) as AnswerBody),
          closes: response.headers.connection === 'close',
        }),
      );
    });
    sent.end(JSON.stringify({ model, input: { tensors: faultTensors(row) }, outputs: true }));
  });
}

/** Opens a subscription over SSE. @returns events until the server ends it */
async function openSse(url: string): Promise<AsyncIterator<string>> {
  const response = await fetch(
    `${url}/graphql?${new URLSearchParams({ query: SUBSCRIPTION }).toString()}`,
    { headers: { accept: 'text/event-stream' } },
  );
  if (!response.body) throw new Error('no stream');
  return response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
}

/** Resolves when the server has accepted `count` requests that it has not answered. */
async function inFlight(url: string, count: number): Promise<void> {
  for (;;) {
    const metrics = (await (await fetch(`${url}/metrics`)).json()) as { in_flight: number };
    if (metrics.in_flight >= count) return;
  }
}

const start = (env: Record<string, string> = {}): ServerProcess =>
  startServerProcess({ MODELS_DIR: models, SHUTDOWN_TIMEOUT_MS: '10000', ...env });

describe('SIGTERM', () => {
  it('loses no accepted request and ends subscriptions, under load from several clients', async () => {
    await using server = start();
    const url = await server.ready();
    const sse = await openSse(url);
    expect((await sse.next()).value).toBeDefined();
    const closed = new Promise<number>((resolve) => {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        // Else it closes the socket itself when its subscription ends.
        lazy: false,
        onNonLazyError: () => undefined,
        on: { closed: (event) => resolve((event as { code: number }).code) },
      });
      client.subscribe(
        { query: SUBSCRIPTION },
        { next: () => undefined, error: () => undefined, complete: () => undefined },
      );
    });
    const agent = new Agent({ keepAlive: true });
    const accepted = Array.from({ length: 12 }, (_, x) =>
      predict(url, x % 2 ? 'thread' : 'process', { x, cost: A_WHILE }, agent),
    );
    await inFlight(url, 12);
    const stopped = { yet: false };
    const clients = Array.from({ length: 4 }, async (_, client) => {
      const own = new Agent({ keepAlive: true, maxSockets: 1 });
      const wrong: unknown[] = [];
      for (let x = client * 1_000; !stopped.yet; x++) {
        const outcome = await predict(url, 'process', { x }, own).catch((error: unknown) => error);
        // Refused in words, or because nobody listens any more; in between there is nothing.
        if (outcome instanceof Error) break;
        const { status, answer, closes } = outcome as Outcome;
        if (status === 503 && closes) break;
        if (status !== 200 || answer !== 2 * x) wrong.push(outcome);
      }
      own.destroy();
      return wrong;
    });
    server.signal('SIGTERM');
    const answers = await Promise.all(accepted);
    expect(answers.map(({ answer }) => answer)).toEqual(answers.map((_, x) => 2 * x));
    expect((await Promise.all(clients)).flat()).toEqual([]);
    for (let event = await sse.next(); !event.done;) event = await sse.next();
    expect(await closed).toBe(1001);
    expect(await server.exit).toBe(0);
    stopped.yet = true;
    agent.destroy();
    expect(server.log.all).toContainEqual(expect.objectContaining({ msg: 'stopped', clean: true }));
    expect(server.stderr).toEqual([]);
  });

  it.skipIf(!redisServerAvailable)('loses nothing although Redis is frozen', async () => {
    const redis = await RedisServer.start();
    await using server = start({ REDIS_URL: redis.url });
    const url = await server.ready();
    const agent = new Agent({ keepAlive: true });
    expect(await predict(url, 'cached', { x: 100 }, agent)).toMatchObject({ answer: 200 });
    redis.pause();
    const accepted = Array.from({ length: 8 }, (_, x) =>
      predict(url, 'cached', { x, cost: A_WHILE }, agent),
    );
    await inFlight(url, 8);
    server.signal('SIGTERM');
    const answers = await Promise.all(accepted);
    expect(answers.map(({ answer }) => answer)).toEqual(answers.map((_, x) => 2 * x));
    expect(await server.exit).toBe(0);
    agent.destroy();
    await redis.stop();
  });

  it('ends a server without traffic at once, worker processes included', async () => {
    await using server = start();
    await server.ready();
    server.signal('SIGTERM');
    expect(await server.exit).toBe(0);
  });

  it.each(['process', 'thread'])(
    'answers what worker %s could not finish within the deadline with an error',
    async (kind) => {
      await using server = start({ SHUTDOWN_TIMEOUT_MS: '300' });
      const url = await server.ready();
      const agent = new Agent();
      const hopeless = predict(url, kind, { x: 1, cost: TOO_LONG }, agent);
      const outcome = hopeless.catch((error: unknown) => error);
      await inFlight(url, 1);
      server.signal('SIGTERM');
      expect(await outcome).toMatchObject({ status: 503, answer: 'MODEL_NOT_READY' });
      // A thread inside native code cannot be ended: there the process has itself killed.
      expect(await server.exit).toBe(kind === 'process' ? 1 : 'SIGKILL');
    },
  );

  it.each(['process', 'thread'])(
    'a second time ends at once, with worker %s busy',
    async (kind) => {
      await using server = start({ SHUTDOWN_TIMEOUT_MS: '3600000' });
      const url = await server.ready();
      const broken = predict(url, kind, { x: 1, cost: TOO_LONG }, new Agent());
      const outcome = broken.catch(() => 'broken off');
      await inFlight(url, 1);
      server.signal('SIGTERM');
      await server.log.first(1, ({ msg }) => msg === 'stopping');
      server.signal('SIGTERM');
      expect([1, 'SIGKILL']).toContain(await server.exit);
      expect([
        'broken off',
        { status: 503, answer: 'MODEL_NOT_READY', closes: true },
      ]).toContainEqual(await outcome);
    },
  );
});
