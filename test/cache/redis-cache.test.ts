import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeTensors } from '../../src/cache/tensor-codec.ts';
import type { TensorMap } from '../../src/tensor/tensor.ts';
import { RedisServer, redisServerAvailable } from '../support/redis-server.ts';
import { openCache, outputs } from './open-cache.ts';

function encoded(key: string, tensors: TensorMap, expiresAt = 0): Buffer {
  return encodeTensors({ key, tensors, expiresAt })!;
}

describe.skipIf(!redisServerAvailable)('cache in Redis', () => {
  let server: RedisServer;
  let admin: Redis;

  beforeAll(async () => {
    server = await RedisServer.start();
    admin = new Redis(server.url);
  });
  beforeEach(async () => {
    await admin.flushall();
    await admin.config('RESETSTAT');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  async function openUp(
    ...options: Parameters<typeof openCache> extends [string, ...infer R] ? R : []
  ) {
    const opened = openCache(server.url, ...options);
    await opened.up();
    return opened;
  }

  const calls = async (command: string) =>
    Number(
      new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await admin.info('commandstats'))?.[1] ??
        0,
    );

  it('shares answers between replicas', async () => {
    const [writer, reader] = [await openUp(), await openUp()];
    writer.cache.store('key', outputs(1), 60);
    await vi.waitFor(async () =>
      expect(await reader.cache.lookupRemote('key')).toEqual(outputs(1)),
    );
    expect(await reader.cache.lookupRemote('other')).toBeUndefined();
  });

  it('fills the memory with what Redis had', async () => {
    const { cache } = await openUp();
    await admin.set('mlapi:key', encoded('key', outputs(2)));
    expect(cache.lookup('key')).toBeUndefined();
    expect(await cache.lookupRemote('key')).toEqual(outputs(2));
    expect(cache.lookup('key')).toEqual(outputs(2));
  });

  it('answers from memory without asking Redis', async () => {
    const { cache } = await openUp();
    cache.store('key', outputs(1), 60);
    expect(cache.lookup('key')).toEqual(outputs(1));
    expect(await calls('mget')).toBe(0);
  });

  it('puts the prefix in front of its keys and gives them the time to live', async () => {
    const { cache } = await openUp({ redisKeyPrefix: 'mine:' });
    cache.store('short', outputs(1), 60);
    cache.store('ever', outputs(1), 0);
    await vi.waitFor(async () => expect(await admin.exists('mine:short', 'mine:ever')).toBe(2));
    const ttl = await admin.pttl('mine:short');
    expect(ttl).toBeGreaterThan(50_000);
    expect(ttl).toBeLessThanOrEqual(60_000);
    expect(await admin.pttl('mine:ever')).toBe(-1);
  });

  it('keeps what it read in memory no longer than the writer meant', async () => {
    const { cache } = await openUp();
    const soon = Date.now() + 1_000;
    await admin.set('mlapi:key', encoded('key', outputs(1), soon));
    await cache.lookupRemote('key');
    expect(cache.lookup('key')).toBeDefined();
    await vi.waitFor(() => expect(cache.lookup('key')).toBeUndefined(), { timeout: 3_000 });
  });

  it('sends the reads of one tick together', async () => {
    const { cache } = await openUp({ redisTimeoutMs: 1_000 });
    await admin.set('mlapi:key-7', encoded('key-7', outputs(7)));
    const found = await Promise.all(
      Array.from({ length: 500 }, (_, i) => cache.lookupRemote(`key-${i}`)),
    );
    expect(await calls('mget')).toBe(1);
    expect(found.filter(Boolean)).toEqual([outputs(7)]);
  });

  it('answers a batch of ten thousand rows, each in its place', async () => {
    // With the time-out as it ships: it is for each of the parts, not for all of them.
    const { cache } = await openUp();
    const keys = Array.from({ length: 10_000 }, (_, i) => `key-${i}`);
    const pipeline = admin.pipeline();
    keys.forEach((key, i) => {
      if (i % 3 === 0) pipeline.set(`mlapi:${key}`, encoded(key, outputs(i)));
    });
    await pipeline.exec();
    const found = await Promise.all(keys.map((key) => cache.lookupRemote(key)));
    const wrong = found.filter((value, i) => value?.out?.data[0] !== (i % 3 === 0 ? i : undefined));
    expect(wrong).toEqual([]);
    expect(await calls('mget')).toBe(20);
  });

  it('takes what it cannot read for a miss, and goes on', async () => {
    const { cache, changes } = await openUp();
    const sound = encoded('sound', outputs(1));
    await admin.mset({
      'mlapi:json': '{"scores":[1]}',
      'mlapi:cut': sound.subarray(0, 20),
      'mlapi:empty': '',
      'mlapi:other': sound,
      'mlapi:sound': sound,
    });
    await admin.lpush('mlapi:list', 'x');
    const keys = ['json', 'cut', 'empty', 'list', 'other', 'sound'];
    const found = await Promise.all(keys.map((key) => cache.lookupRemote(key)));
    expect(found.slice(0, -1)).toEqual(new Array(5).fill(undefined));
    expect(found.at(-1)).toEqual(outputs(1));
    expect(changes).toEqual([['up', null]]);
  });

  it('tells its state', async () => {
    const { cache, changes, lines } = await openUp();
    cache.store('key', outputs(1), 60);
    expect(cache.status()).toMatchObject({
      memory: { entries: 1 },
      redis: { state: 'up', reason: null },
    });
    expect(changes).toEqual([['up', null]]);
    expect(lines).toEqual(['redis is used']);
  });

  it('works without a memory tier', async () => {
    const { cache } = await openUp({ cacheMaxBytes: 0 });
    cache.store('key', outputs(1), 60);
    expect(cache.lookup('key')).toBeUndefined();
    await vi.waitFor(async () => expect(await cache.lookupRemote('key')).toEqual(outputs(1)));
  });

  it('answers nothing once it is closed, and lets go of the connection', async () => {
    const { cache } = await openUp();
    const connections = async () => Number(/connected_clients:(\d+)/.exec(await admin.info())?.[1]);
    const before = await connections();
    await cache.close();
    expect(cache.hasRemote).toBe(false);
    expect(await cache.lookupRemote('key')).toBeUndefined();
    cache.store('key', outputs(1), 60);
    await vi.waitFor(async () => expect(await connections()).toBeLessThan(before));
  });

  it('logs in where a password is asked for', async () => {
    const guarded = await RedisServer.start(['--requirepass', 's3cr/t']);
    const right = openCache(guarded.url.replace('//', `//:${encodeURIComponent('s3cr/t')}@`));
    await right.up();
    const wrong = openCache(guarded.url.replace('//', '//:wrong@'));
    await vi.waitFor(() => expect(wrong.changes).toEqual([['down', 'it refuses the password']]));
    const none = openCache(guarded.url);
    await vi.waitFor(() => expect(none.changes).toEqual([['down', 'it asks for a password']]));
    await guarded.stop();
  });

  it('finds the master through a Sentinel', async () => {
    const sentinel = await RedisServer.startSentinel(server);
    const { cache, up } = openCache(`redis+sentinel://127.0.0.1:${sentinel.port}/main`);
    await up();
    cache.store('key', outputs(1), 60);
    await vi.waitFor(async () => expect(await admin.exists('mlapi:key')).toBe(1));
    expect(await cache.lookupRemote('key')).toEqual(outputs(1));
    await sentinel.stop();
  });

  it('reads and writes all slots of a cluster', async () => {
    const node = await RedisServer.start([
      '--cluster-enabled',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
    ]);
    const nodeAdmin = new Redis(node.url);
    await nodeAdmin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    const url = `redis+cluster://127.0.0.1:${node.port}`;
    const [writer, reader] = [openCache(url), openCache(url)];
    await Promise.all([writer.up(), reader.up()]);
    const keys = Array.from({ length: 50 }, (_, i) => `key-${i}`);
    keys.forEach((key, i) => writer.cache.store(key, outputs(i), 60));
    await vi.waitFor(async () => expect(await nodeAdmin.dbsize()).toBeGreaterThanOrEqual(50));
    const found = await Promise.all(keys.map((key) => reader.cache.lookupRemote(key)));
    expect(found).toEqual(keys.map((_, i) => outputs(i)));
    await node.kill();
    await Promise.all([writer.down(), reader.down()]);
    nodeAdmin.disconnect();
    await node.stop();
  });
});
