import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../../src/redis/redis-url.ts';
import { ConfigError, loadConfig } from '../../src/config.ts';

const PLAIN = {
  kind: 'single',
  tls: false,
  username: undefined,
  password: undefined,
  database: 0,
  master: undefined,
};

const GOOD: [string, object][] = [
  ['redis://cache', { ...PLAIN, nodes: [{ host: 'cache', port: 6379 }] }],
  ['redis://cache:7000/', { ...PLAIN, nodes: [{ host: 'cache', port: 7000 }] }],
  [
    'rediss://:p%40ss%2F@[::1]:7000/3',
    { ...PLAIN, tls: true, password: 'p@ss/', database: 3, nodes: [{ host: '::1', port: 7000 }] },
  ],
  [
    'redis+sentinel://me:secret@a,b:26380/main/2',
    {
      ...PLAIN,
      kind: 'sentinel',
      username: 'me',
      password: 'secret',
      master: 'main',
      database: 2,
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_380 },
      ],
    },
  ],
  [
    'rediss+cluster://a:7000,b:7001',
    {
      ...PLAIN,
      kind: 'cluster',
      tls: true,
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
      ],
    },
  ],
];

const BAD = [
  'http://cache:6379',
  'cache:6379',
  'redis://',
  'redis://a,b',
  'redis://a/x',
  'redis+sentinel://a:26379',
  'redis+sentinel:///main',
];

describe('REDIS_URL', () => {
  it.each(GOOD)('reads %s', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
    expect(loadConfig({ REDIS_URL: url }).redisUrl).toBe(url);
  });

  it.each(BAD)('refuses %s, already as a setting', (url) => {
    expect(() => parseRedisUrl(url)).toThrow('REDIS_URL must look like');
    expect(() => loadConfig({ REDIS_URL: url })).toThrow(ConfigError);
  });

  it('refuses a port that is none', () => {
    expect(() => parseRedisUrl('redis://a:70000')).toThrow('REDIS_URL must look like');
  });

  it('keeps the password out of the complaint', () => {
    const url = 'redis://me:pa/ss@a:1/x';
    expect(() => loadConfig({ REDIS_URL: url })).toThrow('//***@a');
    expect(() => loadConfig({ REDIS_URL: url })).not.toThrow('pa/ss');
    expect(() => parseRedisUrl(url)).not.toThrow('pa/ss');
  });
});
