import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthSchema } from '../../../src/server/rest/health.ts';
import { metricsSchema } from '../../../src/server/rest/metrics.ts';
import { modelSchema } from '../../../src/server/rest/models.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('operations over REST', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const get = async (path: string, accept?: string) => {
    const response = await fetch(server.url + path, { headers: accept ? { accept } : {} });
    const type = response.headers.get('content-type') ?? '';
    const text = await response.text();
    return {
      status: response.status,
      type,
      text,
      body: type.includes('json') ? (JSON.parse(text) as unknown) : undefined,
    };
  };

  it('tells the health, with 503 when nothing can serve', async () => {
    const { status, body } = await get('/health');
    expect(status).toBe(200);
    expect(healthSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({ status: 'healthy', model_loaded: true, version: '1.2.3' });
    server.services.state.healthStatus = 'degraded';
    expect((await get('/health')).status).toBe(200);
    server.services.state.healthStatus = 'unhealthy';
    const sick = await get('/health');
    expect(sick.status).toBe(503);
    expect(sick.body).toMatchObject({ status: 'unhealthy', model_loaded: false });
    server.services.state.healthStatus = 'healthy';
  });

  it('tells orchestrators whether it lives and takes traffic', async () => {
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    server.services.state.ready = false;
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/livez')).status).toBe(200);
    server.services.state.ready = true;
  });

  it('tells the metrics as JSON', async () => {
    const { status, body } = await get('/metrics');
    expect(status).toBe(200);
    expect(metricsSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      model: null,
      cache_hit_rate: 0.25,
      avg_latency_ms: 2,
      p95_latency_ms: 4,
      batch_sizes: [
        { up_to: 1, count: 1 },
        { up_to: null, count: 1 },
      ],
    });
    expect((await get('/metrics?model=sentiment')).body).toMatchObject({ model: 'sentiment' });
    expect((await get('/metrics?model=nope')).status).toBe(404);
  });

  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['text/plain', 'text/plain'],
    [
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
      'application/openmetrics-text',
    ],
    ['text/plain, application/openmetrics-text;q=0.1', 'text/plain'],
  ])('answers Accept: %s with %s', async (accept, type) => {
    expect((await get('/metrics', accept)).type).toContain(type);
  });

  it('always answers text at /metrics/prometheus', async () => {
    const plain = await get('/metrics/prometheus', 'application/json');
    expect(plain.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(plain.text).toBe('requests_total 1\n');
    const open = await get('/metrics/prometheus', 'application/openmetrics-text');
    expect(open.text).toContain('# EOF');
  });

  it('lists the models and shows one', async () => {
    const { body } = await get('/models');
    expect(body).toMatchObject({ models: [{ name: 'broken' }, { name: 'sentiment' }] });
    const one = await get('/models/sentiment');
    expect(modelSchema.strict().parse(one.body)).toEqual(one.body);
    expect(one.body).toMatchObject({
      default: true,
      serving_version: '2',
      versions: [{ version: '2', load_ms: 12.5, engine: 'onnx' }],
    });
  });

  it.each(['/models/nope', '/models/%2e%2e%2fetc', '/models/%ZZ', '/models/a%00b'])(
    'answers %s with 404',
    async (path) => {
      const { status, body } = await get(path);
      expect(status).toBe(404);
      expect(body).toMatchObject({ error: { code: 'MODEL_NOT_FOUND' } });
    },
  );
});
