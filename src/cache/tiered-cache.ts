import type { TensorMap } from '../tensor/tensor.ts';
import type { CacheStatus, PredictionCache } from './cache.ts';
import type { MemoryCache } from './memory-cache.ts';
import type { RedisCache } from './redis-cache.ts';
import type { RedisLink } from '../redis/redis-link.ts';

/** Options of {@link TieredCache}. */
export interface TieredCacheOptions {
  readonly memory: MemoryCache;
  readonly redis: RedisCache;
  readonly link: RedisLink;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Memory in front of a Redis that replicas share. */
export class TieredCache implements PredictionCache {
  readonly #memory: MemoryCache;
  readonly #redis: RedisCache;
  readonly #link: RedisLink;
  readonly #now: () => number;

  constructor({ memory, redis, link, now = Date.now }: TieredCacheOptions) {
    this.#memory = memory;
    this.#redis = redis;
    this.#link = link;
    this.#now = now;
  }

  get hasRemote(): boolean {
    return this.#link.up;
  }

  lookup(key: string): TensorMap | undefined {
    return this.#memory.lookup(key);
  }

  async lookupRemote(key: string): Promise<TensorMap | undefined> {
    const found = await this.#redis.read(key);
    if (!found) return undefined;
    const { tensors, expiresAt } = found;
    // At least a second: the clock of the replica that wrote it may be behind.
    const ttlSeconds = expiresAt === 0 ? 0 : Math.max(1, (expiresAt - this.#now()) / 1000);
    this.#memory.store(key, tensors, ttlSeconds);
    return tensors;
  }

  store(key: string, value: TensorMap, ttlSeconds: number): void {
    this.#memory.store(key, value, ttlSeconds);
    this.#redis.write(key, value, ttlSeconds);
  }

  status(): CacheStatus {
    return { ...this.#memory.status(), redis: this.#link.status };
  }

  async close(): Promise<void> {
    this.#link.close();
    await this.#memory.close();
  }
}
