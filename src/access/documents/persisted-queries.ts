import { LRUCache } from 'lru-cache';
import type { RedisLink } from '../../redis/redis-link.ts';

/** Memory that persisted queries may take, in characters. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** Time for which Redis keeps a query that nobody asks for, in milliseconds. */
const TTL_MS = 24 * 3_600_000;

/** Options of {@link PersistedQueries}. */
export interface PersistedQueriesOptions {
  /** Redis that the replicas share, where there is one. */
  readonly redis?: { readonly link: RedisLink; readonly keyPrefix: string } | undefined;
}

/**
 * Queries that clients have registered by their hash, as Apollo's automatic persisted queries: in
 * memory, and in Redis for the other replicas. A miss is no error; the client sends the query again.
 */
export class PersistedQueries {
  readonly #memory = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text) => text.length + 128,
  });
  readonly #redis: PersistedQueriesOptions['redis'];

  constructor({ redis }: PersistedQueriesOptions = {}) {
    this.#redis = redis;
  }

  /** The query of a hash; at once where this process knows it. */
  find(hash: string): string | undefined | Promise<string | undefined> {
    const text = this.#memory.get(hash);
    if (text !== undefined || !this.#redis?.link.up) return text;
    return this.#findRemote(hash, this.#redis);
  }

  /** Keeps a query under its hash, which the caller has checked. */
  store(hash: string, text: string): void {
    if (this.#memory.has(hash)) return;
    this.#memory.set(hash, text);
    if (!this.#redis) return;
    const key = `${this.#redis.keyPrefix}apq:${hash}`;
    void this.#redis.link.ask(({ set }) => set(key, Buffer.from(text), TTL_MS));
  }

  /** Disconnects. */
  close(): void {
    this.#redis?.link.close();
  }

  async #findRemote(
    hash: string,
    { link, keyPrefix }: NonNullable<PersistedQueriesOptions['redis']>,
  ): Promise<string | undefined> {
    const found = await link.ask(({ getMany }) => getMany([`${keyPrefix}apq:${hash}`]));
    const text = found?.[0]?.toString('utf8');
    if (text !== undefined) this.#memory.set(hash, text);
    return text;
  }
}
