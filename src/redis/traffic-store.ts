import type { Config } from '../config.ts';
import { createRedisLink } from './create-redis-link.ts';
import { createRedisClient, type RedisClient } from './redis-client.ts';
import type { RedisLink } from './redis-link.ts';
import { parseRedisUrl } from './redis-url.ts';

/** Time that connecting may take, in milliseconds; nobody waits for it. */
const CONNECT_TIMEOUT_MS = 2_000;

/** Time between two attempts to listen, in milliseconds. */
const RETRY_MS = 1_000;

/** What a store of traffic tells its listener. */
export interface TrafficListener {
  /** Another replica has changed the traffic of a model. */
  onRecord(model: string, record: string): void;
  /** Something may have been missed: what is stored is to be read. */
  onGap(): void;
}

/**
 * Traffic that was set by hand or by a guard, in Redis: a hash for those who come later, and a
 * channel for those who are there. It uses connections of its own, since one that listens can do
 * nothing else. No method rejects: without Redis, every replica has its own traffic.
 */
export class RedisTrafficStore {
  readonly #link: RedisLink;
  readonly #connect: () => RedisClient;
  readonly #hash: string;
  readonly #channel: string;
  #listener: TrafficListener | undefined;
  #subscriber: RedisClient | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * Connects in the background.
   *
   * @throws {Error} when `REDIS_URL` cannot be read; never because of Redis itself
   */
  constructor(config: Pick<Config, 'redisUrl' | 'redisKeyPrefix' | 'redisTimeoutMs'>) {
    const target = parseRedisUrl(config.redisUrl ?? '');
    this.#connect = () => createRedisClient(target, CONNECT_TIMEOUT_MS);
    this.#hash = `${config.redisKeyPrefix}{traffic}`;
    this.#channel = `${config.redisKeyPrefix}traffic`;
    this.#link = createRedisLink(config, 'traffic', (state) => {
      if (state === 'up') void this.#subscribe();
      else this.#unsubscribe();
    });
  }

  /** Starts to tell of changes. */
  listen(listener: TrafficListener): void {
    this.#listener = listener;
    if (this.#link.up) listener.onGap();
  }

  /** All records by model; `undefined` when Redis cannot be asked. */
  async readAll(): Promise<ReadonlyMap<string, string> | undefined> {
    const records = await this.#link.ask(({ commands }) => commands.hgetall(this.#hash));
    return records && new Map(Object.entries(records));
  }

  /** Keeps a record and tells the other replicas. */
  async write(model: string, record: string): Promise<void> {
    await this.#link.ask(async ({ commands }) => {
      await commands.hset(this.#hash, model, record);
      await commands.publish(this.#channel, JSON.stringify([model, record]));
    });
  }

  /** Disconnects. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#link.close();
  }

  async #subscribe(): Promise<void> {
    this.#unsubscribe();
    if (this.#closed || !this.#link.up) return;
    const client = this.#connect();
    this.#subscriber = client;
    const { commands } = client;
    // However it ends, and some attempts end without a rejection, there is one more.
    commands.once('end', () => this.#tryAgain(client));
    commands.on('message', (_channel: string, message: string) => this.#receive(message));
    try {
      await commands.connect();
      await commands.subscribe(this.#channel);
      // What was said while nobody listened.
      if (client === this.#subscriber) this.#listener?.onGap();
    } catch {
      this.#tryAgain(client);
    }
  }

  #tryAgain(client: RedisClient): void {
    if (client !== this.#subscriber) return;
    this.#unsubscribe();
    this.#retry = setTimeout(() => void this.#subscribe(), RETRY_MS).unref();
  }

  #unsubscribe(): void {
    clearTimeout(this.#retry);
    const client = this.#subscriber;
    this.#subscriber = undefined;
    client?.commands.disconnect();
  }

  #receive(message: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(message);
    } catch {
      return;
    }
    if (!Array.isArray(parsed)) return;
    const [model, record] = parsed as unknown[];
    if (typeof model === 'string' && typeof record === 'string') {
      this.#listener?.onRecord(model, record);
    }
  }
}
