import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/access/api-key.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

describe('usage', { timeout: 60_000 }, () => {
  let home: string;
  let server: RunningApp;
  const keys = { web: createApiKey(), shop: createApiKey(), ops: createApiKey() };
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'usage-'));
    const scopes = ['predict', 'models:read', 'metrics:read'];
    const accessFile = path.join(home, 'access.yaml');
    const written = [
      { ...keys.web, name: 'web', scopes },
      { ...keys.shop, name: 'shop', scopes, rate: '5/hour' },
      { ...keys.ops, name: 'ops', scopes: ['metrics:read', 'access:admin'] },
    ].map(({ id, name, sha256, scopes, ...rest }) => ({
      ...{ id, name, sha256, scopes },
      ...('rate' in rest && { rate: rest.rate }),
    }));
    await writeFile(accessFile, JSON.stringify({ keys: written }));
    server = await runApp({ accessFile, cacheMaxBytes: 0 });
  });
  afterAll(async () => {
    await server.stop();
    await rm(home, { recursive: true });
  });
  const as = (who: keyof typeof keys) => ({ 'x-api-key': keys[who].key });

  it('is told to administrators, as query, over REST and to Prometheus', async () => {
    const text = 'Where is my card?';
    await server.post('/predict', { input: text, model: 'banking77' }, as('web'));
    const inputs = [text, 'How do I top up?'];
    await server.post('/predict/batch', { inputs, model: 'banking77' }, as('web'));
    const many = Array.from({ length: 4 }, () => text);
    await server.post('/predict/batch', { inputs: many, model: 'banking77' }, as('shop'));
    const refused = await server.post(
      '/predict/batch',
      { inputs: many, model: 'banking77' },
      as('shop'),
    );
    expect(refused.status).toBe(429);

    const { text: json } = await server.get('/usage', as('ops'));
    const { usage } = JSON.parse(json) as { usage: Record<string, unknown>[] };
    const web = usage.find(({ name }) => name === 'web');
    expect(web).toMatchObject({ id: keys.web.id, calls: 2, rows: 3, refused: 0 });
    expect(web?.compute_ms).toBeGreaterThan(0);
    expect(Date.now() - Date.parse(String(web?.last_used_at))).toBeLessThan(60_000);
    expect(usage.find(({ name }) => name === 'shop')).toMatchObject({ rows: 4, refused: 1 });

    const query = '{ usage { id name calls rows computeMs refused lastUsedAt } }';
    const asked = await server.post('/graphql', { query }, as('ops'));
    const { data } = JSON.parse(asked.text) as { data: { usage: Record<string, unknown>[] } };
    expect(data.usage.find(({ name }) => name === 'web')).toMatchObject({ calls: 2, rows: 3 });

    const { text: metrics } = await server.get('/metrics/prometheus', as('ops'));
    const labels = `{principal="${keys.web.id}",name="web"}`;
    expect(metrics).toContain(`ml_inference_usage_rows_total${labels} 3`);
    expect(metrics).toMatch(/ml_inference_usage_compute_seconds_total\{[^}]*name="web"\} 0\.\d/);
    expect(metrics).toMatch(/ml_inference_usage_refused_total\{[^}]*name="shop"\} 1/);
  });

  it('is told to nobody else', async () => {
    expect((await server.get('/usage', as('web'))).status).toBe(403);
    const { text } = await server.post('/graphql', { query: '{ usage { id } }' }, as('web'));
    expect(text).toContain('FORBIDDEN');
    for (const accept of ['text/plain', 'application/openmetrics-text']) {
      const metrics = await server.get('/metrics/prometheus', { ...as('web'), accept });
      expect(metrics.text).toContain('ml_inference_requests_total');
      expect(metrics.text).not.toMatch(/ml_inference_usage|shop/);
    }
  });
});
