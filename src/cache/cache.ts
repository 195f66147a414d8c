import type { RedisStatus } from '../redis/redis-link.ts';
import type { TensorMap } from '../tensor/tensor.ts';

/** What the cache holds. */
export interface CacheStatus {
  readonly memory: { readonly entries: number; readonly bytes: number; readonly maxBytes: number };
  /** The second tier; `null` when none is configured. */
  readonly redis: RedisStatus | null;
}

/**
 * Output tensors of earlier predictions by key. A cache never fails: what it cannot give is a
 * miss, what it cannot keep is dropped. Tensors that went in or came out are shared: nobody may
 * change or transfer them.
 */
export interface PredictionCache {
  /** Memory tier, synchronous: the hot path. */
  lookup(key: string): TensorMap | undefined;
  /** Whether a second tier is worth asking: configured, and not known to be down. */
  readonly hasRemote: boolean;
  /**
   * Asks the second tier; what it has fills the memory. Never rejects: what is missing, late or
   * unreadable is `undefined`. Keys of one tick travel together.
   */
  lookupRemote(key: string): Promise<TensorMap | undefined>;
  /** Keeps `value` in both tiers for `ttlSeconds` (0 is for ever); never throws or waits. */
  store(key: string, value: TensorMap, ttlSeconds: number): void;
  /** What the cache holds now. */
  status(): CacheStatus;
  /** Lets go of connections and memory. */
  close(): Promise<void>;
}
