import { expect, onTestFinished, vi } from 'vitest';
import { createCache } from '../../src/cache/create-cache.ts';
import { loadConfig, type Config } from '../../src/config.ts';
import type { TensorMap } from '../../src/tensor/tensor.ts';

/** A cache on a Redis, with all that it logged and reported. */
export function openCache(redisUrl: string, overrides: Partial<Config> = {}) {
  const changes: [state: string, reason: string | null][] = [];
  const lines: string[] = [];
  const log = (first: unknown, text?: string) => {
    lines.push(text ?? String(first));
  };
  const cache = createCache(loadConfig({ REDIS_URL: redisUrl }, overrides), {
    logger: { info: log, warn: log } as never,
    onChange: (state, reason) => changes.push([state, reason]),
  });
  onTestFinished(() => cache.close());
  return {
    cache,
    changes,
    lines,
    up: () =>
      vi.waitFor(() => expect(cache.hasRemote).toBe(true), { timeout: 15_000, interval: 5 }),
    down: () =>
      vi.waitFor(() => expect(cache.hasRemote).toBe(false), { timeout: 15_000, interval: 5 }),
  };
}

/** Output tensors that differ by `value`. */
export function outputs(value: number, length = 3): TensorMap {
  return { out: { datatype: 'FP32', shape: [length], data: new Float32Array(length).fill(value) } };
}
