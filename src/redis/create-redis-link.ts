import type { Config } from '../config.ts';
import { createRedisClient } from './redis-client.ts';
import { RedisLink, type RedisStateListener } from './redis-link.ts';
import { parseRedisUrl } from './redis-url.ts';

/** Time that connecting may take, in milliseconds; nobody waits for it. */
const CONNECT_TIMEOUT_MS = 2_000;

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
