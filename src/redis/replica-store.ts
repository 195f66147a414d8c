import type { RedisLink } from './redis-link.ts';

/** Options of {@link RedisReplicaStore}. */
export interface RedisReplicaStoreOptions {
  /** A connection of its own, so that a slow fleet view never holds up the cache. */
  readonly link: RedisLink;
  /** Put in front of every key. */
  readonly keyPrefix: string;
}

/**
 * A page of each replica in Redis, which expires unless it is renewed. No method rejects: without
 * Redis there is nothing to see.
 */
export class RedisReplicaStore {
  readonly #link: RedisLink;
  readonly #index: string;

  constructor({ link, keyPrefix }: RedisReplicaStoreOptions) {
    this.#link = link;
    // The braces keep all pages in one slot of a cluster, so that they can be read together.
    this.#index = `${keyPrefix}{replicas}`;
  }

  /** Shows `page` as that of the replica `id` for `ttlMs` milliseconds. */
  async publish(id: string, page: Uint8Array, ttlMs: number): Promise<void> {
    await this.#link.ask(({ commands, set }) =>
      Promise.all([commands.sadd(this.#index, id), set(this.#page(id), Buffer.from(page), ttlMs)]),
    );
  }

  /** The pages that have not expired, by replica; `undefined` when Redis cannot be asked. */
  readAll(): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
    return this.#link.ask(async ({ commands }) => {
      const ids = await commands.smembers(this.#index);
      const live = new Map<string, Uint8Array>();
      if (ids.length === 0) return live;
      const pages = await commands.mgetBuffer(...ids.map((id) => this.#page(id)));
      const gone: string[] = [];
      ids.forEach((id, index) => {
        const page = pages[index];
        if (page) live.set(id, page);
        else gone.push(id);
      });
      // One that still lives enters itself again when it next publishes.
      if (gone.length > 0) await commands.srem(this.#index, ...gone);
      return live;
    });
  }

  /** Takes the page of a replica that leaves away. */
  async remove(id: string): Promise<void> {
    await this.#link.ask(({ commands }) =>
      Promise.all([commands.srem(this.#index, id), commands.del(this.#page(id))]),
    );
  }

  /** Disconnects. */
  close(): void {
    this.#link.close();
  }

  #page(id: string): string {
    return `${this.#index}:${id}`;
  }
}
