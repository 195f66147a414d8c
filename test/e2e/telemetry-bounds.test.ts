import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { json, startFakeEngine } from '../support/fake-engine.ts';
import { startRemoteServer } from '../support/remote-server.ts';
import { type RunningApp, runApp } from '../support/running-app.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('what many ask of the metrics', { timeout: 60_000 }, () => {
  let app: RunningApp;
  beforeAll(async () => {
    // Drift would tell of more features as it learns of them.
    app = await runApp({ defaultModel: 'banking77', drift: false });
  });
  afterAll(() => app.stop());

  const scrape = async () => {
    const { status, text } = await app.get('/metrics/prometheus', {
      accept: 'application/openmetrics-text',
    });
    expect(status).toBe(200);
    expect(text.endsWith('# EOF\n')).toBe(true);
    return text;
  };
  /** Names of the series of the server itself, without their values. */
  const seriesOf = (text: string) =>
    new Set(
      text
        .split('\n')
        .filter((line) => line.startsWith('ml_inference_'))
        .map((line) => line.replace(/ [^{}]*(?:# .*)?$/, '')),
    );

  it('ten scrapers at once all get everything, while predictions are answered', async () => {
    await app.post('/predict', { input: 'first' });
    await scrape();
    const before = seriesOf(await scrape());
    const scrapers = Array.from({ length: 10 }, async () => {
      for (let turn = 0; turn < 6; turn++) await scrape();
    });
    const predictions = Array.from({ length: 40 }, (_none, n) =>
      app.post('/predict', { input: `question ${n}` }),
    );
    await Promise.all(scrapers);
    for (const { status } of await Promise.all(predictions)) expect(status).toBe(200);
    const after = await scrape();
    // What is scraped more often has no more series for it; buckets of time may come up.
    const added = [...seriesOf(after)].filter((name) => !before.has(name));
    expect(added.filter((name) => !/_bucket|_sum|_count/.test(name))).toEqual([]);
    expect((await app.get('/metrics')).body.total_requests).toBe(41);
  });

  it('nothing that a client chooses becomes a series', async () => {
    const mark = 'chosen_by_a_client';
    await Promise.all([
      app.post('/predict', { model: mark, input: 'x' }),
      app.post('/predict', { input: 'x', version: mark }),
      app.post(`/${mark}`, {}),
      app.get(`/models/${mark}`),
      app.post('/predict', { input: 'x' }, { 'x-request-id': mark, 'x-assignment-key': mark }),
      app.post('/predict', { input: 'x' }, { 'user-agent': mark, tracestate: `a=${mark}` }),
      app.post(`/v2/models/${mark}/infer`, { inputs: [] }),
      app.graphql(`query ${mark} { models { name } }`),
      app.graphql(`{ ${mark} }`),
      app.graphql(`{ ${mark}: health { status } }`),
      fetch(`${app.url}/predict`, { method: 'PROPFIND' }),
    ]);
    expect(await scrape()).not.toContain(mark);
  });
});

describe('a collector of traces that does no good', { timeout: 60_000 }, () => {
  it.each([
    ['never answers', undefined],
    ['answers garbage', (response: ServerResponse) => response.writeHead(200).end('\0\0not JSON')],
    ['answers with an error', (response: ServerResponse) => response.writeHead(503).end()],
    ['hangs up', (response: ServerResponse) => response.destroy()],
  ] as const)('delays no answer where it %s', async (_what, answer) => {
    await using collector = await Collector.start();
    const waiting: ServerResponse[] = [];
    collector.misbehave = (response) => {
      if (answer) answer(response);
      else waiting.push(response);
    };
    const app = await runApp({
      ...{ defaultModel: 'banking77', otlpEndpoint: collector.url },
      ...{ otelScheduleDelayMs: 1, otelMaxQueueSize: 50, otelMaxExportBatchSize: 10 },
    });
    try {
      await app.post('/predict', { input: 'first' });
      await collector.until(() => collector.exports.length > 0);
      // An export is under way, and nothing but that ends it: whoever waited for it would for ever.
      for (let part = 0; part < 10; part++) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_none, n) =>
            app.post('/predict', { input: `question ${part} ${n}` }),
          ),
        );
        expect(answers.every(({ status }) => status === 200)).toBe(true);
      }
      if (!answer) expect(waiting.length).toBeGreaterThan(0);
    } finally {
      for (const response of waiting) response.destroy();
      await app.stop();
    }
  });
});

describe('a traced request to a remote engine', { timeout: 60_000 }, () => {
  it('takes its trace along', async () => {
    await using collector = await Collector.start();
    await using engine = await startFakeEngine();
    engine.answers.infer = (_asked, response) =>
      json(response, {
        model_name: 'doubler',
        outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 1], data: [16] }],
      });
    const manifest = { runtime: 'remote', cache: { enabled: false }, remote: { url: engine.url } };
    await using server = await startRemoteServer(
      { doubler: manifest },
      { otlpEndpoint: collector.url, otelScheduleDelayMs: 20 },
    );
    const response = await fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      },
      body: JSON.stringify({
        model: 'doubler',
        input: { tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [8] }] },
      }),
    });
    expect(response.status).toBe(200);
    const passed = String(engine.asked.at(-1)?.headers.traceparent);
    expect(passed).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
    // A batch may be of many requests: its trace is its own, linked to each of theirs.
    const [, traceId = '', spanId = ''] = passed.split('-');
    await collector.until((spans) => spans.some((span) => span.spanId === spanId));
    const batch = collector.trace(traceId);
    const isOwn = traceId === TRACE;
    const links = batch.flatMap((span) => span.links.map((link) => link.traceId));
    expect(isOwn || links.includes(TRACE)).toBe(true);
  });
});
