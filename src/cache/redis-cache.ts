import { byteLength, type TensorMap } from '../tensor/tensor.ts';
import { NonsenseError } from '../redis/redis-fault.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import { decodeTensors, encodeTensors, type StoredTensors } from './tensor-codec.ts';

/** Keys of one MGET; more would hold up the other clients of Redis. */
const KEYS_PER_READ = 512;
/** Values that are sent before the answers to them are awaited. */
const VALUES_PER_WRITE = 128;
/** What a waiting write costs besides its data, in bytes. */
const WRITE_OVERHEAD = 512;

/** Options of {@link RedisCache}. */
export interface RedisCacheOptions {
  readonly link: RedisLink;
  /** Put in front of every key. */
  readonly keyPrefix: string;
  /** Most bytes that wait to be written; what comes on top is not kept. @default 8 MiB */
  readonly maxPendingBytes?: number;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

interface Read {
  readonly key: string;
  readonly resolve: (value: StoredTensors | undefined) => void;
}

interface Write {
  readonly key: string;
  readonly value: TensorMap;
  readonly ttlSeconds: number;
  readonly bytes: number;
}

/** The tier in Redis. Reads of one turn of the event loop travel together, and so do writes. */
export class RedisCache {
  readonly #link: RedisLink;
  readonly #keyPrefix: string;
  readonly #maxPendingBytes: number;
  readonly #now: () => number;
  #reads: Read[] = [];
  #writes: Write[] = [];
  #writing = false;
  #pendingBytes = 0;

  constructor({
    link,
    keyPrefix,
    maxPendingBytes = 8 * 1024 ** 2,
    now = Date.now,
  }: RedisCacheOptions) {
    this.#link = link;
    this.#keyPrefix = keyPrefix;
    this.#maxPendingBytes = maxPendingBytes;
    this.#now = now;
  }

  /** Bytes that wait to be written or for Redis to take them. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** What Redis has of `key`; `undefined` when it has nothing, is late or down. Never rejects. */
  read(key: string): Promise<StoredTensors | undefined> {
    if (!this.#link.up) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#reads.push({ key, resolve });
      if (this.#reads.length === 1) setImmediate(() => void this.#flushReads());
    });
  }

  /** Keeps `value` for `ttlSeconds` (0 is for ever), if Redis is up and not behind. */
  write(key: string, value: TensorMap, ttlSeconds: number): void {
    if (!this.#link.up) return;
    let bytes = WRITE_OVERHEAD + 2 * key.length;
    for (const tensor of Object.values(value)) bytes += byteLength(tensor);
    if (this.#pendingBytes + bytes > this.#maxPendingBytes) return;
    this.#pendingBytes += bytes;
    this.#writes.push({ key, value, ttlSeconds, bytes });
    if (this.#writing) return;
    this.#writing = true;
    setImmediate(() => void this.#flushWrites());
  }

  async #flushReads(): Promise<void> {
    const reads = this.#reads;
    this.#reads = [];
    await this.#link.ask((client, progress) =>
      Promise.all(
        chunks(reads, KEYS_PER_READ).map(async (chunk) => {
          const values: unknown = await client.getMany(
            chunk.map(({ key }) => this.#keyPrefix + key),
          );
          if (!Array.isArray(values) || values.length !== chunk.length) throw new NonsenseError();
          progress();
          chunk.forEach(({ key, resolve }, index) => {
            const value: unknown = values[index];
            const stored = Buffer.isBuffer(value) ? decodeTensors(value) : undefined;
            resolve(stored?.key === key ? stored : undefined);
          });
        }),
      ),
    );
    // Those that have their answer already do not mind.
    for (const { resolve } of reads) resolve(undefined);
  }

  async #flushWrites(): Promise<void> {
    while (this.#writes.length > 0) {
      const chunk = this.#writes.splice(0, VALUES_PER_WRITE);
      await this.#link.ask((client) =>
        Promise.all(
          chunk.flatMap(({ key, value, ttlSeconds }) => {
            const ttlMs = ttlSeconds * 1000;
            const expiresAt = ttlMs === 0 ? 0 : this.#now() + ttlMs;
            const encoded = encodeTensors({ key, tensors: value, expiresAt });
            return encoded ? [client.set(this.#keyPrefix + key, encoded, ttlMs)] : [];
          }),
        ),
      );
      // A time-out drops the connection and with it what it had queued.
      for (const { bytes } of chunk) this.#pendingBytes -= bytes;
    }
    this.#writing = false;
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < items.length; at += size) result.push(items.slice(at, at + size));
  return result;
}
