import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';
import { TEST_CALL } from '../support/test-call.ts';

/** A text that no other test sends, so that no cache has it. */
let serial = 0;
const fresh = (): string => `my card was not accepted in shop number ${serial++} of the town`;

describe('a trained model over GraphQL and REST', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp();
  });
  afterAll(() => server.stop());

  const predict = (text: string) =>
    server.graphql<{ predict: { prediction: string; cached: boolean; confidence: number } }>(
      'mutation ($text: String!) { predict(model: "banking77", input: { text: $text }) { prediction confidence cached } }',
      { text },
    );

  it('answers with the intent of a text', async () => {
    const { data, errors } = await predict('I am still waiting on my card?');
    expect(errors).toBeUndefined();
    expect(data.predict.prediction).toBe('card_arrival');
    expect(data.predict.confidence).toBeGreaterThan(0.5);
  });

  it('gives REST the same answer as GraphQL', async () => {
    const text = fresh();
    const graphql = await predict(text);
    const { status, body } = await server.post('/predict', { input: text, model: 'banking77' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      prediction: graphql.data.predict.prediction,
      confidence: graphql.data.predict.confidence,
      model: 'banking77',
      cached: true,
    });
    expect(body.latency_ms).toBeGreaterThanOrEqual(0);
  });

  it('answers a second identical request from the cache', async () => {
    const text = fresh();
    expect((await predict(text)).data.predict.cached).toBe(false);
    expect((await predict(text)).data.predict.cached).toBe(true);
  });

  it('runs the model once for two identical requests at the same time', async () => {
    const before = server.app.services.metrics.snapshot(TEST_CALL, 'banking77').batches;
    const text = fresh();
    const answers = await Promise.all([predict(text), predict(text), predict(text)]);
    expect(new Set(answers.map(({ data }) => data.predict.prediction)).size).toBe(1);
    expect(server.app.services.metrics.snapshot(TEST_CALL, 'banking77').batches).toBe(before + 1);
  });

  it('keeps a bad row of a batch to itself', async () => {
    const { body } = await server.post('/predict/batch', {
      model: 'banking77',
      inputs: [fresh(), '', { features: { a: 1 } }, fresh()],
    });
    expect(body.results).toHaveLength(4);
    expect(body.results[0]?.prediction).toEqual(expect.any(String));
    expect(body.results[1]?.error).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(body.results[2]?.error.message).toContain('"features"');
    expect(body.results[3]?.prediction).toEqual(expect.any(String));
  });

  it('runs each alias of one query, and tells where the time went', async () => {
    const { data, errors } = await server.graphql<{
      predict: { timings: Record<string, number>; scores: { label: string; score: number }[] };
    }>(
      'mutation ($text: String!) { predict(model: "banking77", input: { text: $text }) { scores(top: 3) { label score } timings { encodeMs queueMs inferenceMs cacheMs } } }',
      { text: fresh() },
    );
    expect(errors).toBeUndefined();
    expect(data.predict.scores).toHaveLength(3);
    const [first, second] = data.predict.scores;
    expect(first?.score).toBeGreaterThanOrEqual(second?.score ?? 1);
    expect(data.predict.timings.inferenceMs).toBeGreaterThan(0);
  });

  it('keeps the tensors of the worker flat over 10,000 predictions', async () => {
    const version = server.app.catalog.resolve('banking77', undefined);
    const tensors = async () => (await version.pool?.stats())?.map((stats) => stats.tensors);
    const before = await tensors();
    const inputs = Array.from({ length: 10_000 }, () => ({ text: fresh() }));
    const { results } = await server.app.services.predictions.predictBatch(TEST_CALL, {
      model: 'banking77',
      inputs,
      cache: 'bypass',
    });
    expect(results.filter((result) => result instanceof Error)).toHaveLength(0);
    expect(await tensors()).toEqual(before);
  });

  it('tells durations with at most three decimals, on every API', async () => {
    const query =
      'mutation ($text: String!) { predict(model: "banking77", input: { text: $text }) { latencyMs timings { encodeMs queueMs inferenceMs cacheMs } } }';
    const bodies = [
      JSON.stringify(await server.graphql(query, { text: fresh() })),
      JSON.stringify(
        await server.graphql(
          '{ health { uptimeSeconds } metrics { uptimeSeconds avgLatencyMs p50LatencyMs p95LatencyMs p99LatencyMs } models { versions { loadMs } } }',
        ),
      ),
      (await server.post('/predict', { input: fresh(), model: 'banking77', timings: true })).text,
      (await server.post('/predict/batch', { inputs: [fresh()], model: 'banking77' })).text,
      ...(await Promise.all(
        ['/health', '/metrics', '/models'].map(async (path) => (await server.get(path)).text),
      )),
    ];
    for (const body of bodies) {
      const durations = body.match(/"\w*(?:Ms|_ms|econds)":-?[\d.e-]+/g);
      expect(durations?.length).toBeGreaterThan(0);
      for (const duration of durations ?? []) expect(duration).toMatch(/:\d+(?:\.\d{1,3})?$/);
    }
  });

  it('shows model, engine and backend in health', async () => {
    const { status, body } = await server.get('/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'healthy', model_loaded: true });
  });
});

describe('200 predictions that come at once', () => {
  let folder: ModelsFolder;
  let server: RunningApp;
  beforeAll(async () => {
    folder = await makeModelsFolder();
    await folder.add('banking77');
    // A batch waits for company, so that how many there are does not depend on how fast requests
    // come in: at most one a second, and those that are full.
    await folder.configure('banking77', { batching: { maxBatchSize: 64, maxDelayMs: 1000 } });
    server = await runApp({ modelsDir: folder.root });
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  const countBatches = async (work: () => Promise<unknown>) => {
    const { metrics } = server.app.services;
    const before = metrics.snapshot(TEST_CALL, 'banking77').batches;
    await work();
    return metrics.snapshot(TEST_CALL, 'banking77').batches - before;
  };

  it('form few batches, each answer going to its caller', async () => {
    const { predictions } = server.app.services;
    const texts = Array.from({ length: 200 }, () => fresh());
    const inProcess: { prediction: unknown; confidence: number | null }[] = [];
    const batchesInProcess = await countBatches(async () => {
      const requests = texts.map((text) =>
        predictions.predict(TEST_CALL, { model: 'banking77', input: { text }, cache: 'bypass' }),
      );
      inProcess.push(...(await Promise.all(requests)));
    });
    expect(batchesInProcess).toBeLessThanOrEqual(8);
    const batchesOverHttp = await countBatches(async () => {
      const answers = await Promise.all(
        texts.map((text) => server.post('/predict', { input: text, model: 'banking77' })),
      );
      for (const [i, { body }] of answers.entries()) {
        expect(body.prediction).toBe(inProcess[i]?.prediction);
        expect(body.confidence).toBeCloseTo(inProcess[i]?.confidence ?? NaN, 5);
      }
    });
    expect(batchesOverHttp).toBeLessThanOrEqual(20);
  });
});
