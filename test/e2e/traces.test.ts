import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { loadConfig, type Config } from '../../src/config.ts';
import { Collector, type ReceivedSpan } from '../support/collector.ts';
import { redisServerAvailable, RedisServer } from '../support/redis-server.ts';
import { type RunningApp, runApp } from '../support/running-app.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`;
const PREDICT = `mutation Ask($text: String!) { predict(input: { text: $text }) { prediction cached } }`;

/** A random trace, as a caller begins it. */
const newTrace = () => {
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const traceId = `1${hex(31)}`;
  return { traceId, traceparent: `00-${traceId}-1${hex(15)}-01` };
};

describe('traces of calls', () => {
  let collector: Collector;
  let app: RunningApp;

  const start = (overrides: Partial<Config> = {}) =>
    runApp({
      defaultModel: 'banking77',
      otlpEndpoint: collector.url,
      otelScheduleDelayMs: 20,
      ...overrides,
    });

  /** Calls with a trace of its own, and the spans of it once the whole call has come in. */
  const traced = async (
    path: string,
    body: unknown,
    on: RunningApp = app,
  ): Promise<{ root: ReceivedSpan; spans: readonly ReceivedSpan[]; status: number }> => {
    const { traceId, traceparent } = newTrace();
    const { status } = await on.post(path, body, { traceparent });
    await collector.until((spans) =>
      spans.some((span) => span.traceId === traceId && span.kind === 2),
    );
    const spans = collector.trace(traceId);
    const root = spans.find(({ kind }) => kind === 2);
    if (!root) throw new Error('there is no root');
    return { root, spans, status };
  };

  const names = (spans: readonly ReceivedSpan[]) => spans.map(({ name }) => name);

  beforeAll(async () => {
    collector = await Collector.start();
    app = await start();
  });
  afterAll(async () => {
    await app.stop();
    await collector[Symbol.asyncDispose]();
  });

  it('show the whole way of a prediction by GraphQL', async () => {
    const variables = { text: 'Where is my first card?' };
    const { root, spans } = await traced('/graphql', { query: PREDICT, variables });
    expect(root).toMatchObject({
      name: 'POST /graphql',
      status: 0,
      attributes: { 'http.request.method': 'POST', 'http.response.status_code': 200 },
    });
    expect(names(collector.childrenOf(root))).toEqual([
      'policies',
      'read',
      'graphql mutation',
      'write',
    ]);
    const operation = spans.find(({ name }) => name === 'graphql mutation');
    expect(operation?.attributes).toMatchObject({ 'graphql.operation.name': 'Ask' });
    const [predict] = operation ? collector.childrenOf(operation) : [];
    expect(predict).toMatchObject({
      name: 'predict banking77',
      attributes: { 'ml_inference.model': 'banking77', 'ml_inference.cached': false },
    });
    const steps = predict ? collector.childrenOf(predict) : [];
    expect(names(steps)).toEqual(['cache lookup', 'encode', 'queue', 'batch', 'cache store']);
    const batch = steps.find(({ name }) => name === 'batch');
    expect(batch?.links).toEqual([{ traceId: root.traceId, spanId: predict?.spanId }]);
    const [run] = batch ? collector.childrenOf(batch) : [];
    expect(run).toMatchObject({
      name: 'engine run',
      attributes: { 'ml_inference.engine': 'tfjs' },
    });
    for (const span of spans) {
      expect(span.startedAt).toBeGreaterThanOrEqual(root.startedAt - 1_000_000n);
      expect(span.endedAt).toBeGreaterThanOrEqual(span.startedAt);
      expect(JSON.stringify(span.attributes)).not.toContain('first card');
    }
  });

  it('end at the cache where the answer is known', async () => {
    const body = { input: 'Where is my second card?' };
    await app.post('/predict', body);
    const { root, spans } = await traced('/predict', body);
    expect(names(collector.childrenOf(root))).toContain('operation predict');
    expect(names(spans)).not.toContain('batch');
    const lookup = spans.find(({ name }) => name === 'cache lookup');
    expect(lookup?.attributes).toMatchObject({
      'ml_inference.cache.hit': true,
      'ml_inference.cache.tier': 'memory',
    });
  });

  it('show a call that is refused', async () => {
    const { root, spans, status } = await traced('/predict', { input: { features: {} } });
    expect(status).toBe(400);
    expect(root).toMatchObject({
      status: 0,
      attributes: { 'http.response.status_code': 400, 'error.type': 'BAD_USER_INPUT' },
    });
    expect(names(spans)).not.toContain('batch');
  });

  it('link a batch to all 200 requests that travel in it', async () => {
    const before = collector.spans.length;
    const calls = Array.from({ length: 200 }, (_, i) => ({ ...newTrace(), input: `Card ${i}?` }));
    await Promise.all(
      calls.map(({ traceparent, input }) => app.post('/predict', { input }, { traceparent })),
    );
    const ids = new Set(calls.map(({ traceId }) => traceId));
    const ofThese = (spans: readonly ReceivedSpan[]) =>
      spans.slice(before).filter(({ traceId }) => ids.has(traceId));
    await collector.until(
      (spans) => ofThese(spans).filter(({ kind }) => kind === 2).length === 200,
    );
    const spans = ofThese(collector.spans);
    const predictions = spans.filter(({ name }) => name === 'predict banking77');
    const linked = spans.filter(({ name }) => name === 'batch').flatMap(({ links }) => links);
    expect(new Set(linked.map(({ spanId }) => spanId))).toEqual(
      new Set(predictions.map(({ spanId }) => spanId)),
    );
    expect(linked).toHaveLength(200);
  });

  it('link a batch request to each of its inputs', async () => {
    const inputs = Array.from({ length: 200 }, (_, i) => `Bulk card ${i}?`);
    const { spans } = await traced('/predict/batch', { inputs });
    const linked = spans.filter(({ name }) => name === 'batch').flatMap(({ links }) => links);
    expect(linked).toHaveLength(200);
  });

  it('go on with the trace of the caller, and name it in the answer', async () => {
    const response = await app.post('/predict', { input: 'a' }, { traceparent: TRACEPARENT });
    expect(response.headers.get('traceresponse')).toMatch(new RegExp(`^00-${TRACE}-.{16}-01$`));
    await collector.until((spans) => spans.some(({ parentSpanId }) => parentSpanId === CALLER));
  });

  it.each([
    ['broken', 'nonsense'],
    ['all zero', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`],
    ['oversized', `00-${'4b'.repeat(2_000)}-${CALLER}-01`],
    ['ten at once', Array.from({ length: 10 }, () => TRACEPARENT).join(', ')],
  ])('begin anew where the traceparent is %s', async (_what, traceparent) => {
    const { status, headers } = await app.post('/predict', { input: 'a' }, { traceparent });
    expect(status).toBe(200);
    expect(headers.get('traceresponse')).toMatch(/^00-(?!0{32}|4bf92f35)[\da-f]{32}-/);
  });

  it.each([
    ['operation', { operation: true, connection: true }, 'operation'],
    ['connection', { operation: false, connection: true }, 'connection'],
  ] as const)('over a WebSocket are those of its %s', async (_what, given, expected) => {
    const traces = { operation: newTrace(), connection: newTrace() };
    const client = createClient({
      url: `ws://127.0.0.1:${app.port}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { traceparent: traces.connection.traceparent },
    });
    const results = client.iterate({
      query: PREDICT,
      variables: { text: 'Over a socket' },
      ...(given.operation && { extensions: { traceparent: traces.operation.traceparent } }),
    });
    await results.next();
    await results.return?.();
    await client.dispose();
    const { traceId } = traces[expected];
    await collector.until((spans) =>
      spans.some((span) => span.traceId === traceId && span.kind === 2),
    );
    expect(names(collector.trace(traceId))).toContain('predict banking77');
  });

  it('stand beside the figures of OpenMetrics as exemplars', async () => {
    const { root } = await traced('/predict', { input: 'An example of its own' });
    const accept = 'application/openmetrics-text';
    const { text } = await app.get('/metrics/prometheus', { accept });
    expect(text).toMatch(
      new RegExp(`request_duration_seconds_bucket\\{.*\\} \\d+ # \\{trace_id="${root.traceId}"`),
    );
    const plain = await app.get('/metrics/prometheus');
    expect(plain.text).not.toContain('trace_id');
  });

  it.skipIf(!redisServerAvailable)('show the way to Redis', async () => {
    const redis = await RedisServer.start();
    const other = await start({ redisUrl: redis.url });
    try {
      const { spans } = await traced('/predict', { input: 'Via Redis?' }, other);
      const lookup = spans.find(({ attributes }) => attributes['db.system.name'] === 'redis');
      expect(lookup).toMatchObject({
        name: 'cache lookup',
        kind: 3,
        attributes: { 'ml_inference.cache.hit': false },
      });
    } finally {
      await other.stop();
      await redis.stop();
    }
  });

  it('do not exist for calls that are not sampled', async () => {
    const other = await start(
      loadConfig({
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'silent',
        DEFAULT_MODEL: 'banking77',
        OTEL_TRACES_SAMPLER: 'parentbased_always_off',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      }),
    );
    try {
      const { headers } = await other.post('/predict', { input: 'Not sampled' });
      expect(headers.has('traceresponse')).toBe(false);
    } finally {
      await other.stop();
    }
  });

  it('are counted where the collector does not take them', async () => {
    const bad = await Collector.start();
    bad.misbehave = (response) => response.writeHead(400).end('no');
    const other = await start({ otlpEndpoint: bad.url });
    try {
      await other.post('/predict', { input: 'To nobody' });
      await bad.until(() => bad.exports.length > 0);
      let dropped = 0;
      while (dropped === 0) {
        const { text } = await other.get('/metrics/prometheus');
        dropped = Number(/^ml_inference_spans_dropped_total (\d+)$/m.exec(text)?.[1]);
      }
      expect(dropped).toBeGreaterThan(0);
    } finally {
      await other.stop();
      await bad[Symbol.asyncDispose]();
    }
  });
});
