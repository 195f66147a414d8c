import { BARE_SERVERS } from './bare.ts';
import type { Contender } from './contender.ts';
import { raw } from './raw.ts';
import type { RedisServer } from './redis-server.ts';
import { seed } from './seed.ts';
import { thisServer, thisServerWithAccess, thisServerWithRedis } from './this-server.ts';

/** Everybody who can be measured. */
export function contenders(redis: RedisServer): readonly Contender[] {
  return [
    ...[thisServer(), thisServerWithRedis(redis), ...thisServerWithAccess(redis)],
    ...[seed(redis), ...BARE_SERVERS, raw()],
  ];
}
