import { Redis } from 'ioredis';
import { RedisServer } from '../../test/support/redis-server.ts';
import { runApp, type RunningApp } from '../../test/support/running-app.ts';

/**
 * What was measured on one machine. Times are milliseconds of processor time of server and client
 * together: other than the time on the clock, they hold on a machine that others use too.
 */
export interface Measured {
  readonly machine: string;
  /** For inputs that no cache has, one after the other. */
  readonly missMs: readonly number[];
  /** Median for an answer out of memory. */
  readonly hitMs: number;
  /** What an answer out of Redis takes more than one out of memory, median. */
  readonly redisMs: number;
  /** Requests that one core does in a second, each with another input, many at once. */
  readonly missesPerSecond: number;
  /** What a request costs Redis: with an answer to store, and with one to read. */
  readonly redis: { readonly store: RedisCost; readonly read: RedisCost };
}

/** Commands and bytes of one request, both ways. */
export interface RedisCost {
  readonly commands: number;
  readonly bytes: number;
}

const REQUESTS = 300;

const text = (i: number): string => `where is the card number ${i} that I have asked for`;

/** Measures with `banking77`, over HTTP, on this machine. */
export async function measure(machine: string): Promise<Measured> {
  const alone = await runApp();
  let missMs: number[];
  let hits: number[];
  let missesPerSecond: number;
  try {
    await ask(alone, 0, 200);
    process.stderr.write('measuring one server\n');
    missMs = await ask(alone, 1_000_000, REQUESTS);
    hits = await ask(alone, 1_000_000, REQUESTS);
    const started = processorMs();
    await Promise.all(Array.from({ length: 32 }, (_, i) => ask(alone, 2_000_000 + i * 100, 100)));
    missesPerSecond = (32 * 100 * 1000) / (processorMs() - started);
  } finally {
    await alone.stop();
  }
  process.stderr.write('measuring with Redis\n');
  const redis = await RedisServer.start();
  const apps: RunningApp[] = [];
  try {
    const client = new Redis(redis.url);
    const first = await runApp({ redisUrl: redis.url });
    const second = await runApp({ redisUrl: redis.url });
    apps.push(first, second);
    const store = await costOf(client, () => ask(first, 3_000_000, REQUESTS));
    const read = await costOf(client, () => ask(second, 3_000_000, REQUESTS));
    client.disconnect();
    const round = (numbers: readonly number[]) => median(numbers);
    return {
      machine,
      missMs: missMs.map((ms) => Number(ms.toFixed(3))),
      hitMs: Number(round(hits).toFixed(3)),
      redisMs: Number(Math.max(0, round(read.times) - round(hits)).toFixed(3)),
      missesPerSecond: Math.round(missesPerSecond),
      redis: { store: store.cost, read: read.cost },
    };
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    await redis.stop();
  }
}

/** Processor time of this process so far, its workers included, in milliseconds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function ask(app: RunningApp, from: number, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = from; i < from + count; i++) {
    const started = processorMs();
    const { status } = await app.post('/predict', { model: 'banking77', input: text(i) });
    if (status !== 200) throw new Error(`a prediction was answered with ${status}`);
    times.push(processorMs() - started);
  }
  return times;
}

async function costOf(client: Redis, work: () => Promise<number[]>) {
  const before = await counters(client);
  const times = await work();
  const after = await counters(client);
  const each = (total: number) => Number((total / REQUESTS).toFixed(2));
  return {
    times,
    cost: {
      commands: each(after.commands - before.commands),
      bytes: each(after.bytes - before.bytes),
    },
  };
}

async function counters(client: Redis): Promise<RedisCost> {
  const info = await client.info('stats');
  const read = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1] ?? NaN);
  return {
    commands: read('total_commands_processed'),
    bytes: read('total_net_input_bytes') + read('total_net_output_bytes'),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
