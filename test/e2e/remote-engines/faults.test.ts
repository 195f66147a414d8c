import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerOf, type LogLine } from '../../support/faults/fault-server.ts';
import { load, type Peer, startPeer, startRemoteServer } from '../../support/remote-server.ts';

const MANIFEST = {
  runtime: 'remote',
  cache: { enabled: false },
  batching: { enabled: true, maxBatchSize: 8 },
};

const remote = (urls: readonly string[], more: object = {}) => ({
  ...MANIFEST,
  remote: { url: urls, model: 'faulty', probeAfterMs: 200, ...more },
});

const PROTOCOLS = ['http', 'grpc'] as const;

const lost = ({ msg }: LogLine) => msg === 'worker lost';

/** Real processes start and end in these tests. */
const SLOW = { timeout: 120_000 };

describe.each(PROTOCOLS)('two of our own servers as engines over %s', SLOW, (protocol) => {
  it('lose nothing and answer nothing wrong while one is killed, and comes back', async () => {
    await using first = await startPeer(protocol);
    await using second = await startPeer(protocol);
    await using server = await startRemoteServer({ faulty: remote([first.url, second.url]) });
    const stop = new AbortController();
    const loaded = load(server, 'faulty', { clients: 16, stop: stop.signal, cost: 500 });
    await delay(500);
    first.process.signal('SIGKILL');
    await server.log.first(1, lost);
    await delay(500);
    await first.restart();
    // It takes requests again: the other one can go.
    while (server.app.catalog.versions()[0]?.status().workers !== 2) await delay(20);
    second.process.signal('SIGKILL');
    await delay(500);
    stop.abort();
    const { right, wrong } = await loaded;
    expect(wrong).toEqual([]);
    expect(right).toBeGreaterThan(100);
  });

  it('lose nothing while one is frozen', async () => {
    await using first = await startPeer(protocol);
    await using second = await startPeer(protocol);
    await using server = await startRemoteServer({ faulty: remote([first.url, second.url]) });
    const stop = new AbortController();
    const loaded = load(server, 'faulty', { clients: 16, stop: stop.signal, cost: 500 });
    await delay(300);
    first.process.signal('SIGSTOP');
    await server.log.first(1, lost);
    await delay(500);
    first.process.signal('SIGCONT');
    while (server.app.catalog.versions()[0]?.status().workers !== 2) await delay(20);
    await delay(200);
    stop.abort();
    const { right, wrong } = await loaded;
    expect(wrong).toEqual([]);
    expect(right).toBeGreaterThan(50);
  });

  it('are given the fewer requests the slower they are, and none is lost', async () => {
    await using first = await startPeer(protocol);
    await using second = await startPeer(protocol);
    await using server = await startRemoteServer({ faulty: remote([first.url, second.url]) });
    const stop = new AbortController();
    const loaded = load(server, 'faulty', { clients: 16, stop: stop.signal, cost: 500 });
    // It runs a small part of the time, on a busy machine too, where timers are late.
    const slowing = (async () => {
      while (!stop.signal.aborted) {
        first.process.signal('SIGSTOP');
        await delay(90);
        first.process.signal('SIGCONT');
        await delay(1);
      }
    })();
    // However long that takes on a machine that does other things too.
    while ((await rowsOf(second)) < 200) await delay(50);
    stop.abort();
    const { wrong } = await loaded;
    await slowing;
    expect(wrong).toEqual([]);
    const [slow, quick] = await Promise.all([first, second].map(rowsOf));
    expect(quick).toBeGreaterThan(slow ?? Infinity);
  });

  it('degrade their model alone while they are away, and serve it once they are back', async () => {
    await using peer = await startPeer(protocol);
    await using server = await startRemoteServer({
      faulty: remote([peer.url]),
      other: remote([peer.url.replace(/\d+$/, '9')]),
    });
    expect(answerOf((await server.predict('faulty', { x: 1 })).body)).toBe(2);
    const { status, body } = await server.get('/health');
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(answerOf((await server.predict('other', { x: 1 })).body)).toBe('MODEL_NOT_READY');
    peer.process.signal('SIGKILL');
    await peer.process.exit;
    const waiting = server.predict('faulty', { x: 2 });
    expect(answerOf((await waiting).body)).toBe('MODEL_NOT_READY');
    expect((await server.get('/health')).status).toBe(503);
    await peer.restart();
    while ((await server.get('/health')).status !== 200) await delay(50);
    expect(answerOf((await server.predict('faulty', { x: 3 })).body)).toBe(6);
  });

  it('are told when nobody waits any more', async () => {
    await using peer = await startPeer(protocol);
    await using server = await startRemoteServer({ faulty: remote([peer.url]) });
    const leave = new AbortController();
    const asked = server.predict('faulty', { x: 1, cost: 3_000_000 }, leave.signal);
    await busy(peer);
    leave.abort();
    await expect(asked).rejects.toThrow();
    const [line] = await peer.process.log.first(
      1,
      ({ msg, aborted }) => msg === 'request' && aborted === true,
    );
    expect(line).toMatchObject({ model: 'faulty' });
  });
});

/** Resolves when the peer has begun with a request: its figures tell of one in flight. */
async function busy({ process }: Peer): Promise<void> {
  const url = await process.ready();
  for (;;) {
    const response = await fetch(`${url}/metrics`);
    if (((await response.json()) as { in_flight: number }).in_flight > 0) return;
  }
}

async function rowsOf({ process }: Peer): Promise<number> {
  const response = await fetch(`${await process.ready()}/v2/models/faulty/stats`);
  const { model_stats } = (await response.json()) as { model_stats: { inference_count: number }[] };
  return model_stats[0]?.inference_count ?? 0;
}
