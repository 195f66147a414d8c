import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { PredictionCache } from './cache.ts';
import { MemoryCache } from './memory-cache.ts';
import { RedisCache } from './redis-cache.ts';
import { createRedisClient } from '../redis/redis-client.ts';
import { RedisLink, type RedisStateListener } from '../redis/redis-link.ts';
import { parseRedisUrl } from '../redis/redis-url.ts';
import { TieredCache } from './tiered-cache.ts';

/** Time that connecting may take, in milliseconds; nobody waits for it. */
const CONNECT_TIMEOUT_MS = 2_000;

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

/** A connection of its own to the Redis of `REDIS_URL`, for the given purpose. */
export function createRedisLink(
  config: Pick<Config, 'redisUrl' | 'redisKeyPrefix' | 'redisTimeoutMs'>,
  purpose: string,
  onStateChange?: RedisStateListener,
): RedisLink {
  const target = parseRedisUrl(config.redisUrl ?? '');
  return new RedisLink({
    connect: () => createRedisClient(target, CONNECT_TIMEOUT_MS),
    timeoutMs: config.redisTimeoutMs,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    probeKey: `${config.redisKeyPrefix}probe:${purpose}`,
    ...(onStateChange ? { onStateChange } : {}),
  });
}
