import { z } from 'zod';
import { section } from './section.ts';

/** How inputs are joined to batches. */
export const batchingSection = section({
  /** Most inputs of one batch. @default 64; of a remote engine what it says itself, else 1 */
  maxBatchSize: z.int().min(1).max(4096).optional(),
  /** Milliseconds that a batch may wait for more inputs although a worker is idle. @default 0 */
  maxDelayMs: z.number().min(0).max(10_000).default(0),
});

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
