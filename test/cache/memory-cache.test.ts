import { describe, expect, it } from 'vitest';
import { entryBytes, MemoryCache } from '../../src/cache/memory-cache.ts';
import type { TensorMap } from '../../src/tensor/tensor.ts';

function floats(length: number, value = 1): TensorMap {
  return { out: { datatype: 'FP32', shape: [length], data: new Float32Array(length).fill(value) } };
}

describe('memory cache', () => {
  it('gives back what it holds', () => {
    const cache = new MemoryCache({ maxBytes: 10_000 });
    const value = floats(4);
    cache.store('a', value, 60);
    expect(cache.lookup('a')).toBe(value);
    expect(cache.lookup('b')).toBeUndefined();
  });

  it('never holds more bytes than it may, and drops the least recently used', () => {
    const one = entryBytes('key-0', floats(1_000));
    const cache = new MemoryCache({ maxBytes: 5 * one });
    for (let i = 0; i < 5; i++) cache.store(`key-${i}`, floats(1_000), 0);
    cache.lookup('key-0');
    for (let i = 5; i < 8; i++) cache.store(`key-${i}`, floats(1_000), 0);
    const { entries, bytes, maxBytes } = cache.status().memory;
    expect(entries).toBe(5);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(cache.lookup('key-0')).toBeDefined();
    expect(cache.lookup('key-1')).toBeUndefined();
  });

  it('counts data, keys and strings', () => {
    expect(entryBytes('k', floats(1_000)) - entryBytes('k', floats(0))).toBe(4_000);
    expect(entryBytes('k'.repeat(65), floats(1)) - entryBytes('k', floats(1))).toBe(128);
    const text: TensorMap = {
      out: { datatype: 'BYTES', shape: [1], data: ['x'.repeat(500)] },
    };
    expect(entryBytes('k', text)).toBeGreaterThan(1_000);
  });

  it('skips an entry that is larger than the whole cache, and keeps the others', () => {
    const cache = new MemoryCache({ maxBytes: 10_000 });
    cache.store('small', floats(10), 0);
    cache.store('huge', floats(100_000), 0);
    expect(cache.lookup('huge')).toBeUndefined();
    expect(cache.lookup('small')).toBeDefined();
  });

  it('forgets after the time to live, and never with 0', () => {
    let now = 5_000;
    const cache = new MemoryCache({ maxBytes: 10_000, now: () => now });
    cache.store('short', floats(1), 1);
    cache.store('ever', floats(1), 0);
    now += 900;
    expect(cache.lookup('short')).toBeDefined();
    now += 200;
    expect(cache.lookup('short')).toBeUndefined();
    now += 1e9;
    expect(cache.lookup('ever')).toBeDefined();
  });

  it('does not keep a whole batch alive for one row of it', () => {
    const cache = new MemoryCache({ maxBytes: 10_000 });
    const batch = new Float32Array(100_000);
    cache.store('row', { out: { datatype: 'FP32', shape: [2], data: batch.subarray(0, 2) } }, 0);
    const kept = cache.lookup('row')?.out?.data as Float32Array;
    expect(kept.buffer.byteLength).toBe(8);
  });

  it('holds nothing when it is off', async () => {
    const cache = new MemoryCache({ maxBytes: 0 });
    cache.store('a', floats(1), 60);
    expect(cache.lookup('a')).toBeUndefined();
    expect(cache.hasRemote).toBe(false);
    await expect(cache.lookupRemote()).resolves.toBeUndefined();
    expect(cache.status()).toEqual({ memory: { entries: 0, bytes: 0, maxBytes: 0 }, redis: null });
  });
});
