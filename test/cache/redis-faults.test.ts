import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRedisLink } from '../../src/redis/create-redis-link.ts';
import { RedisCache } from '../../src/cache/redis-cache.ts';
import { loadConfig } from '../../src/config.ts';
import { freePort, RedisServer, redisServerAvailable } from '../support/redis-server.ts';
import { openCache, outputs } from './open-cache.ts';

/** Generous: the machine that tests may be busy. In milliseconds. */
const SLACK_MS = 250;

async function timed<T>(action: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await action();
  return { value, ms: performance.now() - started };
}

/** Something on a port that is no Redis; `answer` gets what it is sent. */
async function impostor(answer: (socket: Socket, request: Buffer) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (request) => {
      answer(socket, request);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.skipIf(!redisServerAvailable)('cache when Redis fails', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  it('costs one time-out when Redis hangs, and nothing after it', async () => {
    const { cache, changes, up } = openCache(server.url);
    await up();
    // A slow machine may have found it down before it was first up.
    const start = changes.findIndex(([state]) => state === 'up');
    cache.store('warm', outputs(1), 60);
    server.pause();
    const first = await timed(() =>
      Promise.all(Array.from({ length: 100 }, (_, i) => cache.lookupRemote(`key-${i}`))),
    );
    expect(first.value.every((value) => value === undefined)).toBe(true);
    // One time-out is 50 ms, one after the other they would be 5,000.
    expect(first.ms).toBeLessThan(2_500);
    expect(cache.hasRemote).toBe(false);
    let turns = 0;
    const turn = setImmediate(() => turns++);
    for (let i = 0; i < 1_000; i++) await cache.lookupRemote(`key-${i}`);
    clearImmediate(turn);
    expect(turns, 'turns of the event loop that were waited for').toBe(0);
    expect(cache.lookup('warm')).toEqual(outputs(1));
    expect(cache.status().redis).toEqual({ state: 'down', reason: 'no answer within 50 ms' });
    server.resume();
    await up();
    expect(changes.map(([state]) => state).slice(start)).toEqual(['up', 'down', 'up']);
    cache.store('again', outputs(2), 60);
    await vi.waitFor(async () => expect(await cache.lookupRemote('again')).toEqual(outputs(2)));
  });

  it('does not take a busy event loop for a slow Redis', async () => {
    const { cache, changes, up } = openCache(server.url);
    await up();
    for (let round = 0; round < 5; round++) {
      const found = cache.lookupRemote('key');
      // Past the turn in which the command is sent.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      const end = performance.now() + 80;
      while (performance.now() < end);
      await found;
    }
    expect(changes).toEqual([['up', null]]);
  });

  it('starts without Redis and uses it once it is there', async () => {
    const late = await RedisServer.start();
    await late.kill();
    const { cache, changes, lines, up } = openCache(late.url);
    const first = await timed(() => cache.lookupRemote('key'));
    expect(first.value).toBeUndefined();
    expect(first.ms).toBeLessThan(SLACK_MS);
    cache.store('key', outputs(1), 60);
    expect(cache.lookup('key')).toEqual(outputs(1));
    await vi.waitFor(() => expect(changes).toEqual([['down', 'the connection was refused']]));
    await late.restart();
    await up();
    expect(changes.at(-1)).toEqual(['up', null]);
    expect(lines).toEqual(['redis is not used until it is back', 'redis is used']);
    await late.stop();
  });

  it('survives Redis dying under a question, and its return', async () => {
    const mortal = await RedisServer.start();
    const { cache, changes, lines, up } = openCache(mortal.url, { redisTimeoutMs: 5_000 });
    await up();
    mortal.pause();
    const questions = Array.from({ length: 20 }, (_, i) => cache.lookupRemote(`key-${i}`));
    cache.store('lost', outputs(1), 60);
    const answers = timed(() => Promise.all(questions));
    await new Promise((resolve) => setImmediate(resolve));
    await mortal.kill();
    const { value, ms } = await answers;
    expect(value.every((answer) => answer === undefined)).toBe(true);
    expect(ms).toBeLessThan(2_000);
    expect(changes.at(-1)).toEqual(['down', 'the connection was lost']);
    await mortal.restart();
    await up();
    cache.store('key', outputs(3), 60);
    await vi.waitFor(async () => expect(await cache.lookupRemote('key')).toEqual(outputs(3)));
    expect(lines).toHaveLength(3);
    await mortal.stop();
  });

  it('leaves a read-only replica alone until it is a master again', async () => {
    const demoted = await RedisServer.start();
    const admin = new Redis(demoted.url);
    const { cache, changes, up, down } = openCache(demoted.url);
    await up();
    await admin.replicaof('127.0.0.1', await freePort());
    cache.store('key', outputs(1), 60);
    await down();
    expect(changes.at(-1)).toEqual(['down', 'it is a read-only replica']);
    expect(cache.lookup('key')).toEqual(outputs(1));
    await admin.replicaof('NO', 'ONE');
    await up();
    admin.disconnect();
    await demoted.stop();
  });

  it('leaves a Redis alone that is out of memory', async () => {
    const full = await RedisServer.start();
    const admin = new Redis(full.url);
    const { cache, changes, up, down } = openCache(full.url);
    await up();
    await admin.config('SET', 'maxmemory', '1');
    cache.store('key', outputs(1), 60);
    await down();
    expect(changes.at(-1)).toEqual(['down', 'it is out of memory']);
    expect(cache.lookup('key')).toEqual(outputs(1));
    await admin.config('SET', 'maxmemory', '0');
    await up();
    admin.disconnect();
    await full.stop();
  });

  it.each<[string, (socket: Socket, request: Buffer) => void]>([
    ['noise', (socket) => socket.write(Buffer.from(Array.from({ length: 64 }, (_, i) => i * 3)))],
    ['HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['OK to everything', (socket) => socket.write('+OK\r\n')],
    ['one reply too many', (socket) => socket.write('+PONG\r\n+PONG\r\n+OK\r\n+OK\r\n:7\r\n')],
    ['a reply that never ends', (socket) => socket.write('$1000000000\r\nx')],
    ['silence', () => undefined],
  ])('does not use what answers %s', async (_name, answer) => {
    const url = await impostor(answer);
    const { cache, changes } = openCache(url);
    const { value, ms } = await timed(() => cache.lookupRemote('key'));
    expect(value).toBeUndefined();
    expect(ms).toBeLessThan(SLACK_MS);
    cache.store('key', outputs(1), 60);
    await vi.waitFor(() => expect(changes.length).toBeGreaterThan(0), { timeout: 5_000 });
    // It may pass the probe; then it is asked, answers nonsense, and is found out.
    await vi.waitFor(
      async () => {
        expect(await cache.lookupRemote('other')).toBeUndefined();
        expect(cache.status().redis?.state).toBe('down');
      },
      { timeout: 5_000 },
    );
    expect(cache.lookup('key')).toEqual(outputs(1));
  });

  it('finds out a Redis that turns to nonsense', async () => {
    let sane = true;
    const url = await impostor((socket, request) => {
      for (const command of request.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        const name = command[1]!.toLowerCase();
        if (name === 'ping') socket.write('+PONG\r\n');
        else if (name === 'mget' && !sane) socket.write('*1\r\n:42\r\n');
        else socket.write(name === 'mget' ? '*1\r\n$-1\r\n' : '+OK\r\n');
      }
    });
    const { cache, up } = openCache(url);
    await up();
    expect(await cache.lookupRemote('key')).toBeUndefined();
    expect(cache.hasRemote).toBe(true);
    sane = false;
    const found = await Promise.all([cache.lookupRemote('a'), cache.lookupRemote('b')]);
    expect(found).toEqual([undefined, undefined]);
    expect(cache.status().redis).toEqual({ state: 'down', reason: 'it answers nonsense' });
  });

  it('speaks up when TLS is asked for and not there', async () => {
    const { changes } = openCache(server.url.replace('redis://', 'rediss://'));
    await vi.waitFor(() => expect(changes[0]?.[0]).toBe('down'), { timeout: 5_000 });
    expect(changes).toHaveLength(1);
  });

  it('logs once per change when Redis flaps, and asks ever more rarely', async () => {
    const flapping = await RedisServer.start();
    const { cache, changes, lines, up, down } = openCache(flapping.url);
    for (let round = 0; round < 3; round++) {
      await up();
      await flapping.kill();
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => cache.lookupRemote(`key-${i}`)),
      );
      expect(answers.every((answer) => answer === undefined)).toBe(true);
      await down();
      await flapping.restart();
    }
    await up();
    expect(changes.map(([state]) => state)).toEqual([
      'up',
      'down',
      'up',
      'down',
      'up',
      'down',
      'up',
    ]);
    expect(lines).toHaveLength(7);
    await flapping.stop();
  });

  it('does not pile up what a slow Redis does not take', async () => {
    const config = loadConfig({ REDIS_URL: server.url }, { redisTimeoutMs: 5_000 });
    const link = createRedisLink(config, 'test');
    const cache = new RedisCache({ link, keyPrefix: 'slow:', maxPendingBytes: 1_000_000 });
    onTestFinished(() => {
      server.resume();
      link.close();
    });
    await vi.waitFor(() => expect(link.up).toBe(true));
    server.pause();
    for (let i = 0; i < 1_000; i++) {
      cache.write(`key-${i}`, outputs(i, 10_000), 60);
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(cache.pendingBytes).toBeLessThanOrEqual(1_000_000);
    }
    expect(cache.pendingBytes).toBeGreaterThan(900_000);
    server.resume();
    await vi.waitFor(() => expect(cache.pendingBytes).toBe(0));
    expect(link.up).toBe(true);
    expect(await cache.read('key-0')).toMatchObject({ tensors: outputs(0, 10_000) });
    expect(await cache.read('key-999')).toBeUndefined();
  });
});
