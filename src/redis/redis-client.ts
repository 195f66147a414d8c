import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisTarget } from './redis-url.ts';

/** A client of one connection's life: it never reconnects and queues nothing while offline. */
export interface RedisClient {
  readonly commands: Redis | Cluster;
  /** What went wrong last, where the connection itself failed. */
  readonly lastError: Error | undefined;
  /** The values of the keys, `null` for those that are missing; they travel together. */
  readonly getMany: (keys: readonly string[]) => Promise<readonly (Buffer | null)[]>;
  /** Sets a key that expires after `ttlMs` milliseconds; 0 is never. */
  readonly set: (key: string, value: Buffer, ttlMs: number) => Promise<unknown>;
}

/**
 * Makes a client that is not connected yet. Whoever holds it makes a new one when it ends:
 * reconnecting is left to the circuit breaker, so that there is one back-off and not two.
 */
export function createRedisClient(target: RedisTarget, connectTimeoutMs: number): RedisClient {
  const { username, password, database, tls } = target;
  const options = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    connectTimeout: connectTimeoutMs,
    disconnectTimeout: 100,
    connectionName: 'ml-inference-api',
    disableClientInfo: true,
    // What every Redis, proxy and fork speaks; nothing here needs RESP3.
    protocol: 2,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    // Travels as one command already; automatic pipelines would make it wait for writes.
    autoPipeliningIgnoredCommands: ['mget'],
  } satisfies RedisOptions;

  const commands = target.kind === 'cluster' ? clusterOf() : redisOf();
  let lastError: Error | undefined;
  // Without a listener ioredis prints to the console.
  commands.on('error', (error: Error & { lastNodeError?: Error }) => {
    lastError = error.lastNodeError ?? error;
  });
  return {
    commands,
    get lastError() {
      return lastError;
    },
    getMany: (keys) =>
      commands instanceof Cluster
        ? Promise.all(keys.map((key) => commands.getBuffer(key)))
        : commands.mgetBuffer(...keys),
    set: (key, value, ttlMs) =>
      ttlMs === 0 ? commands.set(key, value) : commands.set(key, value, 'PX', ttlMs),
  };

  function redisOf(): Redis {
    const [node] = target.nodes;
    return new Redis({
      ...options,
      ...(target.kind === 'sentinel'
        ? {
            sentinels: target.nodes.map((sentinel) => ({ ...sentinel })),
            name: target.master,
            enableTLSForSentinelMode: tls,
            ...(tls ? { sentinelTLS: {} } : {}),
            sentinelRetryStrategy: () => null,
          }
        : { ...node }),
      db: database,
      lazyConnect: true,
      enableOfflineQueue: false,
      // The probe that follows knows better than INFO, and asks in one step.
      enableReadyCheck: false,
      retryStrategy: () => null,
    });
  }

  function clusterOf(): Cluster {
    return new Cluster([...target.nodes], {
      redisOptions: options,
      enableAutoPipelining: true,
      lazyConnect: true,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      clusterRetryStrategy: () => null,
      // Retrying in silence would only turn the reason into a time-out.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshTimeout: connectTimeoutMs,
      // Certificates of managed clusters are for names, not for the addresses behind them.
      ...(tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
    });
  }
}
