import { z } from 'zod';
import { bytes, integer, optional, setting } from './setting.ts';

const REDIS_URL_FORM =
  /^rediss?(:\/\/([^@/\s]*@)?[^,/@?#\s]+(\/\d*)?|\+sentinel:\/\/([^@/\s]*@)?[^/@?#\s]+\/[^/?#\s]+(\/\d*)?|\+cluster:\/\/([^@/\s]*@)?[^/@?#\s]+\/?)$/;
const REDIS_URL_EXAMPLES =
  'redis://host:6379, redis+sentinel://host:26379,host:26379/master or ' +
  'redis+cluster://host:6379,host:6379 (rediss for TLS)';

/** The cache of predictions, in memory and in Redis. */
export const CACHE_SETTINGS = {
  cacheMaxBytes: setting(
    'CACHE_MAX_BYTES',
    bytes,
    '64MB',
    'Size of the in-memory cache; 0 disables it.',
  ),
  cacheTtlSeconds: setting(
    'CACHE_TTL_SECONDS',
    integer(0, 31_536_000),
    '3600',
    'Lifetime of cached predictions, unless model.yaml sets it; 0 keeps them until evicted.',
  ),
  redisUrl: optional(
    'REDIS_URL',
    z.string().regex(REDIS_URL_FORM, `expected ${REDIS_URL_EXAMPLES}`),
    `Redis shared by all replicas: ${REDIS_URL_EXAMPLES}. Without it, each replica has its own in-memory cache.`,
  ),
  redisKeyPrefix: setting(
    'REDIS_KEY_PREFIX',
    z.string(),
    'mlapi:',
    'Prefix of all Redis keys, so that several services can share one Redis.',
  ),
  redisTimeoutMs: setting(
    'REDIS_TIMEOUT_MS',
    integer(1, 60_000),
    '50',
    'Redis command timeout after which Redis is bypassed until it recovers, in milliseconds.',
  ),
} as const;
