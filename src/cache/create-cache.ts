import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { PredictionCache } from './cache.ts';
import { MemoryCache } from './memory-cache.ts';
import { RedisCache } from './redis-cache.ts';
import { createRedisLink } from '../redis/create-redis-link.ts';
import type { RedisStateListener } from '../redis/redis-link.ts';
import { TieredCache } from './tiered-cache.ts';

/** Settings that concern the cache. */
export type CacheConfig = Pick<
  Config,
  'cacheMaxBytes' | 'redisUrl' | 'redisKeyPrefix' | 'redisTimeoutMs'
>;

/** What {@link createCache} reports to. */
export interface CacheReports {
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Called once whenever Redis becomes usable or unusable, with the reason. */
  readonly onChange?: RedisStateListener;
}

/**
 * The cache that the settings ask for: in memory, and with `REDIS_URL` shared by the replicas.
 *
 * @throws {Error} when `REDIS_URL` cannot be read; never because of Redis itself
 */
export function createCache(config: CacheConfig, reports: CacheReports): PredictionCache {
  const memory = new MemoryCache({ maxBytes: config.cacheMaxBytes });
  if (config.redisUrl === undefined) return memory;
  const link = createRedisLink(config, 'cache', (state, reason) => {
    if (state === 'up') reports.logger.info('redis is used');
    else reports.logger.warn({ reason }, 'redis is not used until it is back');
    reports.onChange?.(state, reason);
  });
  const redis = new RedisCache({ link, keyPrefix: config.redisKeyPrefix });
  return new TieredCache({ memory, redis, link });
}
