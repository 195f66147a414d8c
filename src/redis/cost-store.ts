import type { RedisLink } from './redis-link.ts';

/** Options of {@link RedisCostStore}. */
export interface RedisCostStoreOptions {
  /** A connection of its own. */
  readonly link: RedisLink;
  /** Put in front of every key. */
  readonly keyPrefix: string;
}

/** Time after which weights that nobody confirms are forgotten, in seconds: a week. */
const KEPT_SECONDS = 7 * 24 * 3600;

/** The weights of models that all replicas share. No method rejects. */
export class RedisCostStore {
  readonly #link: RedisLink;
  readonly #key: string;

  constructor({ link, keyPrefix }: RedisCostStoreOptions) {
    this.#link = link;
    this.#key = `${keyPrefix}costs`;
  }

  /** Weights by the names of their models; `undefined` when Redis cannot be asked. */
  async readAll(): Promise<ReadonlyMap<string, number> | undefined> {
    const all = await this.#link.ask(({ commands }) => commands.hgetall(this.#key));
    return all && new Map(Object.entries(all).map(([model, weight]) => [model, Number(weight)]));
  }

  /** Tells the other replicas a weight. */
  async write(model: string, weight: number): Promise<void> {
    await this.#link.ask(async ({ commands }) => {
      await commands.hset(this.#key, model, String(weight));
      await commands.expire(this.#key, KEPT_SECONDS);
    });
  }

  /** Disconnects. */
  close(): void {
    this.#link.close();
  }
}
