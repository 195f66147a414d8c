import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { createTracing, type Tracing } from '../../../src/telemetry/tracing/tracing.ts';
import { Collector } from '../../support/collector.ts';
import { freePort } from '../../support/redis-server.ts';

let collector: Collector;
const opened: Tracing[] = [];

beforeEach(async () => {
  collector = await Collector.start();
});

afterEach(async () => {
  for (const tracing of opened.splice(0)) await tracing.close();
  await collector[Symbol.asyncDispose]();
});

function open(env: Record<string, string> = {}, onChange?: (state: string) => void): Tracing {
  const config = loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
  const tracing = createTracing(config, { serverVersion: '1.2.3', ...(onChange && { onChange }) });
  if (!tracing) throw new Error('tracing is off');
  opened.push(tracing);
  return tracing;
}

describe('tracing', () => {
  it.each([
    ['no collector is named', {}],
    ['it is told so', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h:1', OTEL_SDK_DISABLED: 'true' }],
    ['no exporter is', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h:1', OTEL_TRACES_EXPORTER: 'none' }],
  ])('is off where %s', (_why, env) => {
    expect(createTracing(loadConfig(env), { serverVersion: '1' })).toBeUndefined();
  });

  it('sends a tree of spans with what the process is', async () => {
    const tracing = open({
      OTEL_SERVICE_NAME: 'tickets',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=a%20b,bad,=x,team=ml',
    });
    const root = tracing.open('POST /predict', {}, () => ({ kind: 'server' }));
    const child = root?.start('predict', { attributes: { rows: 2, none: undefined, ok: true } });
    child?.end('INFERENCE_FAILED');
    root?.end();
    await tracing.flush();
    const [predict, request] = collector.spans;
    expect(request).toMatchObject({ name: 'POST /predict', kind: 2, status: 0 });
    expect(request?.parentSpanId).toBeUndefined();
    expect(predict).toMatchObject({
      name: 'predict',
      traceId: request?.traceId,
      parentSpanId: request?.spanId,
      status: 2,
      attributes: { rows: 2, ok: true, 'error.type': 'INFERENCE_FAILED' },
    });
    expect(collector.resource).toMatchObject({
      'service.name': 'tickets',
      'service.version': '1.2.3',
      'deployment.environment.name': 'a b',
      team: 'ml',
    });
    expect(collector.resource).not.toHaveProperty('bad');
  });

  it('goes on with the trace of the caller', async () => {
    const tracing = open();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const root = tracing.open('r', {
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      tracestate: 'vendor=value',
    });
    expect(root?.traceparent).toBe(`00-${traceId}-${root?.spanId}-01`);
    expect(root?.tracestate).toBe('vendor=value');
    root?.end();
    await tracing.flush();
    expect(collector.spans[0]).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7' });
  });

  it('makes nothing of a call that is not sampled', () => {
    const tracing = open({ OTEL_TRACES_SAMPLER: 'always_off' });
    const root = tracing.open('r', {}, () => {
      throw new Error('made attributes of a span that is not to be');
    });
    expect(root).toBeUndefined();
  });

  it('keeps every link of a span, however many', async () => {
    const tracing = open();
    const travellers = Array.from({ length: 1_000 }, () => {
      const span = tracing.open('predict', {});
      if (!span) throw new Error('not sampled');
      return span;
    });
    const batch = travellers[0]?.start('batch', { links: travellers });
    batch?.end();
    await tracing.flush();
    const sent = collector.spans.find(({ name }) => name === 'batch');
    expect(sent?.links.map(({ spanId }) => spanId)).toEqual(travellers.map(({ spanId }) => spanId));
  });

  it('bounds the spans of one call', async () => {
    const tracing = open();
    const root = tracing.open('r', {});
    const started = Array.from({ length: 10_000 }, () => root?.start('predict'));
    const real = started.filter((span) => span !== undefined);
    for (const span of real) span.end();
    root?.end();
    await tracing.flush();
    expect(real.length).toBeLessThan(10_000);
    expect(collector.spans).toHaveLength(real.length + 1);
    expect(tracing.dropped).toBe(0);
  });

  it('drops and counts what the queue cannot hold', async () => {
    const tracing = open({ OTEL_BSP_MAX_QUEUE_SIZE: '10' });
    for (let i = 0; i < 25; i++) tracing.open('r', {})?.end();
    expect(tracing.dropped).toBe(15);
    await tracing.flush();
    expect(collector.spans).toHaveLength(10);
  });

  it('counts what the collector refuses, and says so once', async () => {
    const states: string[] = [];
    const tracing = open({}, (state) => states.push(state));
    collector.misbehave = (response) => response.writeHead(400).end('garbage \u0000 <html>');
    tracing.open('r', {})?.end();
    await tracing.flush();
    tracing.open('r', {})?.end();
    await tracing.flush();
    expect(tracing.dropped).toBe(2);
    collector.misbehave = undefined;
    tracing.open('r', {})?.end();
    await tracing.flush();
    expect(tracing.dropped).toBe(2);
    expect(states).toEqual(['failing', 'working']);
  });

  it('takes garbage with status 200 for success', async () => {
    const tracing = open();
    collector.misbehave = (response) => response.end('\u0000}{ not json');
    tracing.open('r', {})?.end();
    await tracing.flush();
    expect(tracing.dropped).toBe(0);
  });

  it('ends in time where the collector never answers, and counts what was lost', async () => {
    const tracing = open({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2' });
    let left: () => void = () => undefined;
    collector.misbehave = (response) => {
      left = () => response.destroy();
    };
    for (let i = 0; i < 5; i++) tracing.open('r', {})?.end();
    const started = performance.now();
    await tracing.close();
    left();
    // The grace is one second; the timeout of an export would be ten.
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(tracing.dropped).toBe(5);
    tracing.open('r', {})?.end();
    expect(tracing.dropped).toBe(6);
  });

  it('does not wait for a collector that is away', async () => {
    const tracing = open({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_BSP_MAX_QUEUE_SIZE: '4',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
    });
    for (let i = 0; i < 10; i++) tracing.open('r', {})?.end();
    await tracing.close();
    expect(tracing.dropped).toBe(10);
  });
});
