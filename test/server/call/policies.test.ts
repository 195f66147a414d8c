import { once } from 'node:events';
import pino from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { CallTracker } from '../../../src/server/call/call-tracker.ts';
import { createPolicies } from '../../../src/server/call/policies.ts';
import type { Policy } from '../../../src/server/call/policy.ts';
import { RecentRequests } from '../../../src/telemetry/recent-requests.ts';
import { createTestAccess } from '../../support/access/keys.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';
import { type Way, WAYS } from '../../support/api/ways.ts';

const ALL = ['predict', 'models:read', 'metrics:read', 'models:admin'];
const CONFIG = { grpcPort: 0 } as const;

/** Every policy of the server, as the server itself lists them. */
const POLICIES: readonly Policy[] = createPolicies({
  config: loadConfig({}),
  logger: pino({ level: 'silent' }),
  tracker: new CallTracker(),
  counters: {
    callEnded: () => undefined,
    executorFallback: () => undefined,
    limitReached: () => undefined,
  },
  access: createTestAccess({}).access,
  recent: {
    recent: new RecentRequests({ capacity: 1, slowMs: 1, withInputs: false }),
    defaultModel: () => undefined,
  },
});

/** Shows that a policy holds on one way. */
type Proof = (way: Way) => Promise<void>;

/** A prediction that is being answered until it is let go. */
async function hold(server: TestServer): Promise<{ release: () => Promise<unknown> }> {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  server.services.state.beforePredict = () => held;
  const begun = once(server.services.events, 'predict');
  const answer = server.post('/predict', { input: 'held' });
  await begun;
  server.services.state.beforePredict = undefined;
  return {
    release: async () => {
      letGo();
      await (await answer).arrayBuffer();
    },
  };
}

const PROOFS: Readonly<Record<string, Proof>> = {
  async 'access-log'(way) {
    const { path, transport } = way;
    await using server = await startServer(CONFIG);
    await using client = await way.connect(server, { 'x-request-id': 'r1' });
    expect((await client.ask()).status).toBe(200);
    const lines = () =>
      server.log.filter(
        ({ msg, method, path: at }) =>
          msg === 'request' && at === path && (transport !== 'websocket' || method === 'SUBSCRIBE'),
      );
    await vi.waitFor(() => expect(lines()).toHaveLength(1));
    expect(lines()[0]).toMatchObject({
      requestId: transport === 'websocket' ? 'r1.1' : 'r1',
      status: 200,
      ms: expect.any(Number) as number,
      ...(transport !== 'http' && { transport }),
    });
  },

  async 'call-metrics'(way) {
    const { transport } = way;
    const counted: string[] = [];
    await using server = await startServer(CONFIG, {
      counters: {
        callEnded: (by, _api, code) => void counted.push(`${by} ${code}`),
        executorFallback: () => undefined,
        limitReached: () => undefined,
      },
    });
    await using client = await way.connect(server);
    await client.ask();
    // A socket has been counted once before, when it was opened.
    const expected = transport === 'websocket' ? 2 : 1;
    await vi.waitFor(() => expect(counted).toHaveLength(expected));
    expect(new Set(counted)).toEqual(new Set([`${transport} OK`]));
  },

  async 'recent-requests'(way) {
    const { transport } = way;
    const recent = new RecentRequests({ capacity: 5, slowMs: 60_000, withInputs: false });
    await using server = await startServer({ ...CONFIG, maxConcurrentRequests: 1 }, { recent });
    await using client = await way.connect(server);
    const held = await hold(server);
    await client.ask();
    await vi.waitFor(() => expect(recent.list()).toHaveLength(1));
    expect(recent.list()[0]).toMatchObject({ kind: 'FAILED', code: 'OVERLOADED', transport });
    await held.release();
  },

  async drain(way) {
    const { transport } = way;
    await using server = await startServer(CONFIG);
    await using client = await way.connect(server);
    await client.ask();
    if (transport === 'http') {
      // What is on its way is answered; streams are refused.
      const held = await hold(server);
      await server.http.stopAccepting();
      const drained = server.http.drain();
      await held.release();
      await drained;
      return;
    }
    await server.http.stopAccepting();
    if (transport === 'websocket') {
      // It is told to go by the closing of its socket, and connects to another server.
      await expect(client.ask()).rejects.toThrow('the socket has closed');
    } else await expect(client.ask()).rejects.toMatchObject({ code: 14 });
  },

  async concurrency(way) {
    await using server = await startServer({ ...CONFIG, maxConcurrentRequests: 1 });
    await using client = await way.connect(server);
    const held = await hold(server);
    expect((await client.ask()).status).toBe(503);
    await held.release();
    await vi.waitFor(async () => expect((await client.ask()).status).toBe(200));
  },

  async 'cross-site'(way) {
    await using server = await startServer(CONFIG);
    const own = { origin: server.url };
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      await using client = await way.connect(server, headers);
      expect((await client.ask()).status).toBe(way.isUnsafe ? 403 : 200);
    }
    await using client = await way.connect(server, own);
    expect((await client.ask()).status).toBe(200);
  },

  async authenticate(way) {
    const { access, keys } = createTestAccess({ all: { scopes: ALL } });
    await using server = await startServer(CONFIG, { access });
    await using nobody = await way.connect(server);
    expect((await nobody.ask()).status).toBe(401);
    await using client = await way.connect(server, { authorization: `Bearer ${keys.all}` });
    expect((await client.ask()).status).toBe(200);
  },
};

describe.each(POLICIES.map((policy) => [policy.name, policy] as const))(
  'the policy "%s"',
  (name, { exempt = {} }) => {
    it('has a proof here', () => {
      expect(Object.keys(PROOFS)).toContain(name);
    });

    it('says why it does not apply where it does not', () => {
      for (const reason of Object.values(exempt)) expect(reason).toMatch(/\w+ \w+/);
    });

    const ways = WAYS.filter(({ transport }) => !(transport in exempt));
    it.each(ways.map((way) => [way.name, way] as const))('holds for %s', async (_name, way) => {
      await PROOFS[name]?.(way);
    });
  },
);

describe('a rate', () => {
  it.each(WAYS.filter(({ predicts }) => predicts).map((way) => [way.name, way] as const))(
    'holds for %s',
    async (_name, way) => {
      await using server = await startServer({ ...CONFIG, rateLimit: '2/day' });
      await using client = await way.connect(server);
      expect((await client.ask()).code).toBeUndefined();
      expect((await client.ask()).code).toBeUndefined();
      expect((await client.ask()).code).toBe('RATE_LIMITED');
    },
  );
});
