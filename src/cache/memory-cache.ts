import { LRUCache } from 'lru-cache';
import { byteLength, type Tensor, type TensorData, type TensorMap } from '../tensor/tensor.ts';
import type { CacheStatus, PredictionCache } from './cache.ts';

/** What an entry costs besides its key and data: map slots, list links, objects. In bytes. */
const ENTRY_OVERHEAD = 256;
/** What a tensor costs besides its name and data. In bytes. */
const TENSOR_OVERHEAD = 200;

/** Options of {@link MemoryCache}. */
export interface MemoryCacheOptions {
  /** Most bytes to hold; 0 turns the cache off. */
  readonly maxBytes: number;
  /** Tells the time in milliseconds, of any origin. @default performance.now */
  readonly now?: () => number;
}

/** The tier in memory: least recently used goes first, bounded by bytes. */
export class MemoryCache implements PredictionCache {
  readonly hasRemote = false;
  readonly #entries: LRUCache<string, TensorMap> | undefined;
  readonly #maxBytes: number;

  constructor({ maxBytes, now = () => performance.now() }: MemoryCacheOptions) {
    this.#maxBytes = maxBytes;
    if (maxBytes > 0) {
      this.#entries = new LRUCache({
        maxSize: maxBytes,
        perf: { now },
        // Reads the clock at each look-up, where the default would set a timer instead.
        ttlResolution: 0,
        sizeCalculation: (value, key) => entryBytes(key, value),
      });
    }
  }

  lookup(key: string): TensorMap | undefined {
    return this.#entries?.get(key);
  }

  lookupRemote(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  store(key: string, value: TensorMap, ttlSeconds: number): void {
    // An entry that is larger than the whole cache is skipped by lru-cache.
    this.#entries?.set(key, ownData(value), { ttl: ttlSeconds * 1000 });
  }

  status(): CacheStatus {
    return {
      memory: {
        entries: this.#entries?.size ?? 0,
        bytes: this.#entries?.calculatedSize ?? 0,
        maxBytes: this.#maxBytes,
      },
      redis: null,
    };
  }

  close(): Promise<void> {
    this.#entries?.clear();
    return Promise.resolve();
  }
}

/** Memory that an entry takes, in bytes. */
export function entryBytes(key: string, value: TensorMap): number {
  let bytes = ENTRY_OVERHEAD + 2 * key.length;
  for (const name in value) {
    const tensor = value[name];
    if (tensor) bytes += TENSOR_OVERHEAD + 2 * name.length + byteLength(tensor);
  }
  return bytes;
}

/** Copies tensors that are windows on a larger buffer, which they would otherwise keep alive. */
function ownData(value: TensorMap): TensorMap {
  let copies: Record<string, Tensor> | undefined;
  for (const [name, tensor] of Object.entries(value)) {
    const { data } = tensor;
    if (Array.isArray(data) || data.byteLength === data.buffer.byteLength) continue;
    copies ??= { ...value };
    copies[name] = { ...tensor, data: data.slice() as TensorData };
  }
  return copies ?? value;
}
