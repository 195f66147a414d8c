import { request, type ClientRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { answerOf, startFaultServer, type FaultServer } from '../support/faults/fault-server.ts';
import { faultTensors, type FaultRow } from '../support/faults/fault-model.ts';
import { TEST_CALL } from '../support/test-call.ts';

/** Turns of the model's loop that take some tenths of a second. */
const A_WHILE = 150_000;

const MANIFEST = 'cache: { enabled: false }\nbatching: { enabled: true, maxBatchSize: 8 }\n';

const snapshot = (server: FaultServer) => server.app.services.metrics.snapshot(TEST_CALL, 'a');

const batcherOf = (server: FaultServer) => {
  const { live } = server.app.catalog.resolve('a', undefined);
  if (!live) throw new Error('the model is not ready');
  return live.batcher;
};

/** Resolves once `holds`; looks again in each turn of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** Occupies the only worker. @returns the answer to come, when the run has begun */
async function occupy(
  server: FaultServer,
  cost = A_WHILE,
): Promise<{ readonly answer: Promise<unknown> }> {
  const answer = server.predict('a', { x: 0, cost });
  await until(() => server.pool('a').idleWorkers === 0);
  return { answer };
}

/** A request whose connection the test may break off. */
function rawPredict(server: FaultServer, path: string, body: unknown): ClientRequest {
  const sent = request(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  sent.on('error', () => undefined);
  sent.end(JSON.stringify(body));
  return sent;
}

const graphql = (rows: readonly FaultRow[]) => ({
  query: `mutation ($inputs: [ModelInput!]!) {
    predictBatch(model: "a", inputs: $inputs) { latencyMs }
  }`,
  variables: { inputs: rows.map((row) => ({ tensors: faultTensors(row) })) },
});

const rowsOf = (count: number) => Array.from({ length: count }, (_, x) => ({ x }));

describe('a server with more to do than it can', () => {
  it('refuses at once what does not fit into the queue, and serves what does', async () => {
    await using server = await startFaultServer({ a: MANIFEST }, { maxQueueRows: 10 });
    // Until all 30 have come, also on a machine that has other work.
    const running = await occupy(server, 8 * A_WHILE);
    const answers = await Promise.all(rowsOf(30).map((row) => server.predict('a', row)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(20);
    for (const { body, headers } of refused) {
      expect(answerOf(body)).toBe('OVERLOADED');
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    await running.answer;
  });

  it('refuses at the door over its limit of requests, but not those who watch it', async () => {
    await using server = await startFaultServer({ a: MANIFEST }, { maxConcurrentRequests: 4 });
    const accepted = rowsOf(4).map((row) => server.predict('a', { ...row, cost: A_WHILE }));
    await until(() => snapshot(server).totalRequests >= 4);
    const refused = await server.predict('a', { x: 9 });
    expect([refused.status, answerOf(refused.body)]).toEqual([503, 'OVERLOADED']);
    expect(refused.headers.get('retry-after')).toBe('1');
    for (const path of ['/health', '/livez', '/readyz', '/metrics']) {
      expect((await server.get(path)).status).toBe(200);
    }
    const answers = await Promise.all(accepted);
    expect(answers.map(({ body }) => answerOf(body))).toEqual([0, 2, 4, 6]);
    expect(answerOf((await server.predict('a', { x: 9 })).body)).toBe(18);
  });

  it.each([
    ['an option', { options: { timeout_ms: 20 } }],
    ['a header', { headers: { 'x-request-timeout-ms': '20' } }],
  ])('drops queued work whose deadline (by %s) passes, before it runs', async (_name, extras) => {
    await using server = await startFaultServer({ a: MANIFEST });
    const running = await occupy(server);
    const batches = snapshot(server).batches;
    const late = await Promise.all(rowsOf(5).map((row) => server.predict('a', row, extras)));
    for (const { status, body } of late) {
      expect([status, answerOf(body)]).toEqual([504, 'DEADLINE_EXCEEDED']);
    }
    expect(batcherOf(server).queuedRows).toBe(0);
    await running.answer;
    expect(snapshot(server).batches - batches).toBe(1);
  });

  it.each([
    ['/predict', { model: 'a', input: { tensors: faultTensors({ x: 1 }) } }, 1],
    [
      '/predict/batch',
      { model: 'a', inputs: rowsOf(200).map((row) => ({ tensors: faultTensors(row) })) },
      100,
    ],
    ['/graphql', graphql(rowsOf(200)), 100],
  ])('drops queued work of %s when its client goes away', async (path, body, atLeast) => {
    await using server = await startFaultServer({ a: MANIFEST });
    const running = await occupy(server);
    const batches = snapshot(server).batches;
    const client = rawPredict(server, path, body);
    await until(() => batcherOf(server).queuedRows >= Math.min(atLeast, 32));
    client.destroy();
    await until(() => batcherOf(server).queuedRows === 0);
    await running.answer;
    // Only the run that was under way is counted; what came of the client never ran.
    await until(() => snapshot(server).inFlight === 0);
    expect(snapshot(server).batches - batches).toBe(1);
  });

  it('answers single requests while a batch of 10,000 rows is worked on', async () => {
    await using server = await startFaultServer({ a: MANIFEST });
    const order: string[] = [];
    const bulk = server.app.services.predictions
      .predictBatch(TEST_CALL, {
        model: 'a',
        inputs: rowsOf(10_000).map((row) => ({ tensors: faultTensors(row) })),
      })
      .then((answer) => {
        order.push('bulk');
        return answer;
      });
    const waits: number[] = [];
    for (let single = 0; single < 20; single++) {
      waits.push(await batchesDuring(server, single));
      order.push('single');
    }
    const { results } = await bulk;
    expect(results.filter((result) => result instanceof Error)).toEqual([]);
    expect(order.at(-1)).toBe('bulk');
    // A single request waits for the batch under way and hardly ever for a second or third one; in
    // the order of arrival it would wait for hundreds.
    expect(Math.max(...waits)).toBeLessThan(20);
  });

  it('takes a long batch window by window', async () => {
    await using server = await startFaultServer({ a: MANIFEST });
    const running = await occupy(server);
    const bulk = server.app.services.predictions.predictBatch(TEST_CALL, {
      model: 'a',
      inputs: rowsOf(5_000).map((row) => ({ tensors: faultTensors(row) })),
    });
    await until(() => batcherOf(server).queuedRows > 0);
    const most = { queued: 0 };
    const watch = until(() => {
      most.queued = Math.max(most.queued, batcherOf(server).queuedRows);
      return snapshot(server).totalRequests >= 5_000;
    });
    await running.answer;
    await bulk;
    await watch;
    expect(most.queued).toBeLessThanOrEqual(64);
  });

  it('leaves room for single requests when batches fill the queue', async () => {
    await using server = await startFaultServer({ a: MANIFEST }, { maxQueueRows: 64 });
    const running = await occupy(server);
    const batches = Promise.all(rowsOf(4).map(() => server.predictBatch('a', rowsOf(100))));
    await until(() => batcherOf(server).queuedRows >= 48);
    expect(answerOf((await server.predict('a', { x: 4 })).body)).toBe(8);
    const answers = await batches;
    for (const { body } of answers) {
      const codes = (body.results ?? [body]).map(answerOf);
      expect(codes.every((code) => typeof code === 'number' || code === 'OVERLOADED')).toBe(true);
    }
    await running.answer;
  });
});

/** Batches that ran between the sending of a single request and its answer. */
async function batchesDuring(server: FaultServer, x: number): Promise<number> {
  const before = snapshot(server).batches;
  const prediction = await server.app.services.predictions.predict(TEST_CALL, {
    model: 'a',
    input: { tensors: faultTensors({ x }) },
  });
  expect(prediction.outputs.find(({ name }) => name === 'y')?.data).toEqual(Float32Array.of(2 * x));
  return snapshot(server).batches - before;
}
