import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApiKey } from '../../src/access/api-key.ts';
import type { Config } from '../../src/config.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

interface Listed {
  readonly requests: readonly Record<string, unknown>[];
}

describe('what operators ask for', { timeout: 60_000 }, () => {
  let home: string;
  let server: RunningApp;
  const keys = { ops: createApiKey(), team: createApiKey(), app: createApiKey() };
  const as = (who: keyof typeof keys) => ({ 'x-api-key': keys[who].key });

  const start = async (overrides: Partial<Config> = {}): Promise<RunningApp> => {
    const all = ['predict', 'models:read', 'metrics:read', 'models:admin', 'access:admin'];
    const written = [
      { ...keys.ops, name: 'ops', scopes: all },
      { ...keys.team, name: 'team', scopes: all.slice(0, 4), models: ['penguins'] },
      { ...keys.app, name: 'app', scopes: ['predict'] },
    ].map(({ id, name, sha256, scopes, ...rest }) => ({
      ...{ id, name, sha256, scopes },
      ...('models' in rest && { models: rest.models }),
    }));
    const accessFile = path.join(home, 'access.yaml');
    await writeFile(accessFile, JSON.stringify({ keys: written }));
    return runApp({ accessFile, defaultModel: 'banking77', ...overrides });
  };
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'operations-'));
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
    await rm(home, { recursive: true });
  });

  const requests = async (search: string, who: keyof typeof keys, from = server) =>
    (JSON.parse((await from.get(`/requests${search}`, as(who))).text) as Listed).requests;
  const query = async (text: string, who: keyof typeof keys) =>
    JSON.parse((await server.post('/graphql', { query: text }, as(who))).text) as {
      data: Record<string, Record<string, unknown>[]>;
      errors?: readonly { extensions: { code: string } }[];
    };

  it('a refused request is listed with its trace, and nothing of its input', async () => {
    const secret = 'the-input-of-a-customer';
    const body = { model: 'digits', input: secret };
    const headers = { ...as('app'), traceparent: TRACEPARENT, 'x-request-id': 'refused-1' };
    expect((await server.post('/predict', body, headers)).status).toBe(400);
    const find = async () =>
      (await requests('?kind=REFUSED&model=digits', 'ops')).find(({ id }) => id === 'refused-1');
    await vi.waitFor(async () => expect(await find()).toBeDefined());
    expect(await find()).toMatchObject({
      kind: 'REFUSED',
      transport: 'http',
      path: '/predict',
      operation: 'predict',
      models: ['digits'],
      rows: 1,
      status: 400,
      code: 'BAD_USER_INPUT',
      trace_id: TRACE,
      caller: keys.app.id,
      input: null,
    });
    const { text } = await server.get('/requests', as('ops'));
    expect(text).not.toContain(secret);
    const { data } = await query(
      '{ recentRequests(kind: REFUSED) { id code traceId models durationMs message } }',
      'ops',
    );
    expect(data.recentRequests).toContainEqual(
      expect.objectContaining({ id: 'refused-1', code: 'BAD_USER_INPUT', traceId: TRACE }),
    );
  });

  it('an operation that fails in one of its fields is listed with all of its models', async () => {
    const text = `mutation Mixed {
      a: predict(model: "banking77", input: { text: "x" }) { version }
      b: predict(model: "digits", input: { text: "x" }) { version }
    }`;
    const headers = { ...as('app'), 'x-request-id': 'mixed-1' };
    await server.post('/graphql', { query: text }, headers);
    await vi.waitFor(async () => {
      const found = (await requests('', 'ops')).find(({ id }) => id === 'mixed-1');
      expect(found).toMatchObject({ operation: 'Mixed', models: ['banking77', 'digits'], rows: 2 });
    });
  });

  it('who may see some models sees the requests that concern only these, and not who asked', async () => {
    const row = { island: 'Atlantis' };
    for (const [model, id] of [
      ['penguins', 'own-1'],
      ['digits', 'other-1'],
    ] as const) {
      const headers = { ...as('ops'), 'x-request-id': id };
      await server.post('/predict', { model, input: { features: row } }, headers);
    }
    // A body that cannot be read concerns no model.
    await server.post('/predict', { input: 3 }, { ...as('ops'), 'x-request-id': 'none-1' });
    const ids = async (who: keyof typeof keys) => (await requests('', who)).map(({ id }) => id);
    await vi.waitFor(async () =>
      expect(await ids('ops')).toEqual(expect.arrayContaining(['own-1', 'other-1', 'none-1'])),
    );
    const seen = await requests('', 'team');
    expect(seen.map(({ models }) => models)).toEqual(seen.map(() => ['penguins']));
    expect(seen).toContainEqual(expect.objectContaining({ id: 'own-1', caller: null }));
    expect((await server.get('/requests?model=digits', as('team'))).status).toBe(404);
    expect((await server.get('/requests', as('app'))).status).toBe(403);
  });

  it('what is asked for must be so', async () => {
    for (const search of ['limit=0', 'limit=1001', 'limit=x', 'kind=slow', 'kind=']) {
      const { status, body } = await server.get(`/requests?${search}`, as('ops'));
      expect([status, body.error.code], search).toEqual([400, 'BAD_USER_INPUT']);
    }
    expect((await server.get('/events?limit=1001', as('ops'))).status).toBe(400);
    for (const route of ['/requests', '/events', '/metrics/history']) {
      expect((await server.get(`${route}?model=nothing`, as('ops'))).status, route).toBe(404);
    }
  });

  it('the last hour is there at once, and only of models that the caller may see', async () => {
    await server.post('/predict', { input: 'Where is my card?' }, as('app'));
    const { text } = await server.get('/metrics/history?model=banking77', as('ops'));
    const { points } = JSON.parse(text) as { points: Record<string, number>[] };
    expect(points.at(-1)?.requests_per_second).toBeGreaterThan(0);
    expect(points.at(-1)?.p95_latency_ms).toBeGreaterThan(0);
    const { data } = await query(
      '{ metricsHistory { timestamp requestsPerSecond failuresPerSecond p95LatencyMs } }',
      'ops',
    );
    expect(data.metricsHistory?.length).toBeGreaterThan(0);
    expect((await server.get('/metrics/history?model=banking77', as('team'))).status).toBe(404);
    expect((await server.get('/metrics/history', as('app'))).status).toBe(403);
  });

  it('events are remembered, and told as a query and over REST', async () => {
    await server.post('/models/penguins/unload', {}, as('ops'));
    await server.post('/models/penguins/load', {}, as('ops'));
    const { text } = await server.get('/events?model=penguins&limit=2', as('team'));
    const { events } = JSON.parse(text) as { events: Record<string, unknown>[] };
    expect(events.map(({ kind }) => kind)).toEqual(['LOADED', 'UNLOADED']);
    const { data } = await query(
      '{ modelEvents(limit: 1000) { model kind version message timestamp } }',
      'team',
    );
    expect(new Set(data.modelEvents?.map(({ model }) => model))).toEqual(new Set(['penguins']));
    const all = await query('{ modelEvents(limit: 1000) { model } }', 'ops');
    expect(all.data.modelEvents?.map(({ model }) => model)).toContain('banking77');
    expect((await query('{ modelEvents { kind } }', 'app')).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
  });

  it('a lone replica tells of itself, of the models that the caller may see', async () => {
    const { text } = await server.get('/replicas', as('ops'));
    const { replicas } = JSON.parse(text) as { replicas: Record<string, unknown>[] };
    expect(replicas).toHaveLength(1);
    expect(replicas[0]).toMatchObject({ self: true, host: os.hostname(), ready: true });
    const { data } = await query(
      '{ replicas { isSelf serverVersion status throughput models { name state servingVersion } } }',
      'team',
    );
    expect(data.replicas?.[0]?.models).toEqual([expect.objectContaining({ name: 'penguins' })]);
  });

  it('a caller is told who it is and what it may do', async () => {
    const { text } = await server.get('/viewer', as('team'));
    expect(JSON.parse(text)).toEqual({
      id: keys.team.id,
      name: 'team',
      grants: ['predict', 'models:read', 'metrics:read', 'models:admin'].map((scope) => ({
        scope,
        models: ['penguins'],
      })),
    });
    const { data } = await query('{ viewer { name grants { scope models } } }', 'app');
    expect(data.viewer).toEqual({ name: 'app', grants: [{ scope: 'predict', models: null }] });
  });

  it('the metrics of a lone version are told with its comparison', async () => {
    await server.post('/predict', { model: 'digits', input: 'x' }, as('app'));
    const { text } = await server.get('/models/digits/comparison', as('ops'));
    const { versions } = JSON.parse(text) as {
      versions: { requests: number; metrics: { total_requests: number } }[];
    };
    expect(versions[0]?.metrics.total_requests).toBeGreaterThan(0);
  });

  it('slow requests are listed with their input only where the setting says so', async () => {
    const other = await start({ slowRequestMs: 1, recentRequestInputs: true });
    try {
      const inputs = Array.from({ length: 2_000 }, (_none, n) => `Where is my card? ${n} times`);
      const headers = { ...as('app'), 'x-request-id': 'slow-1' };
      await other.post('/predict/batch', { inputs }, headers);
      const find = async () =>
        (await requests('?kind=SLOW', 'ops', other)).find(({ id }) => id === 'slow-1');
      await vi.waitFor(async () => expect(await find()).toBeDefined());
      const found = await find();
      expect(found).toMatchObject({ code: null, status: 200, models: ['banking77'] });
      expect(found?.rows).toBe(2_000);
      expect(String(found?.input)).toContain('Where is my card?');
      expect(String(found?.input).length).toBeLessThanOrEqual(500);
    } finally {
      await other.stop();
    }
  });
});
