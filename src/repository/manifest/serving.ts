import { z } from 'zod';
import { section } from './section.ts';

/** Most inputs of one batch of an engine of this server, where model.yaml does not say. */
export const DEFAULT_BATCH_SIZE = 64;

const batchingKeys = section({
  /** Whether inputs are joined. @default where the server has shown that their answers stay the same */
  enabled: z.boolean().optional(),
  /** Most inputs of one batch. @default 64; of a remote engine what it says itself, else 1 */
  maxBatchSize: z.int().min(1).max(4096).optional(),
  /** Milliseconds that a batch may wait for more inputs although a worker is idle. @default 0 */
  maxDelayMs: z.number().min(0).max(10_000).default(0),
});

/** How inputs are joined to batches; `true` and `false` stand for `enabled`. */
export const batchingSection = z.preprocess(
  (value) => (typeof value === 'boolean' ? { enabled: value } : value),
  batchingKeys,
);

/** What runs the model. */
export const workersSection = section({
  /** @default WORKERS_PER_MODEL */
  count: z.int().min(1).max(64).optional(),
  /** `process` keeps a crash of native code out of the server. @default thread */
  isolation: z.enum(['thread', 'process']).default('thread'),
});

/** How answers are cached. */
export const cacheSection = section({
  /** @default true */
  enabled: z.boolean().default(true),
  /** @default CACHE_TTL_SECONDS */
  ttlSeconds: z.int().min(0).max(31_536_000).optional(),
});
