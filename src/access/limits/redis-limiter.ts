import { createHash } from 'node:crypto';
import type { RedisLink } from '../../redis/redis-link.ts';
import type { Rate } from '../rate.ts';
import { keyOf, MemoryLimiter } from './memory-limiter.ts';
import type { Allowance, UsageLimiter } from './usage-limiter.ts';

/**
 * Takes several charges of one principal in their order, each all or nothing.
 *
 * KEYS: the window, a hash of what is used and when it ends. ARGV: quota, length of the window in
 * milliseconds, what was used already, then the charges. Answers used and time left, then 1 or 0
 * and what was used after it for each charge.
 */
const SCRIPT = `
local quota, window, late = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'used', 'ends')
local used, ends = tonumber(held[1] or 0), tonumber(held[2] or 0)
if ends <= now then
  local passed = 1 + math.floor((now - ends) / window)
  used = math.max(0, used - passed * quota)
  if used > 0 then ends = ends + passed * window else ends = now + window end
end
used = used + late
local answer = {}
for i = 4, #ARGV do
  local amount = tonumber(ARGV[i])
  local granted = 0
  if amount == 0 then
    if used < quota then granted = 1 end
  elseif used + amount <= quota then
    granted = 1
    used = used + amount
  end
  answer[#answer + 1] = granted
  answer[#answer + 1] = tostring(used)
end
redis.call('HSET', KEYS[1], 'used', tostring(used), 'ends', tostring(ends))
local windows = math.max(1, math.ceil(used / quota))
redis.call('PEXPIRE', KEYS[1], math.max(1, ends - now + windows * window))
table.insert(answer, 1, ends - now)
return answer
`;

const SCRIPT_SHA = createHash('sha1').update(SCRIPT).digest('hex');

/** Time between two reports of compute, in milliseconds. */
const CHARGE_MS = 50;

/** Options of {@link RedisLimiter}. */
export interface RedisLimiterOptions {
  /** A connection of its own. */
  readonly link: RedisLink;
  /** Put in front of every key. */
  readonly keyPrefix: string;
}

/** What is to be taken for one principal with the next question. */
interface Pending {
  readonly id: string;
  readonly rate: Rate;
  readonly amounts: number[];
  readonly settle: ((allowance: Allowance) => void)[];
  late: number;
}

/**
 * The limits of all replicas together. What one principal asks for in one turn of the event loop
 * travels as one question, and no answer is waited for longer than `REDIS_TIMEOUT_MS`: without one
 * this process counts alone, from what it knew last.
 */
export class RedisLimiter implements UsageLimiter {
  readonly #link: RedisLink;
  readonly #keyPrefix: string;
  readonly #memory = new MemoryLimiter();
  readonly #pending = new Map<string, Pending>();
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ link, keyPrefix }: RedisLimiterOptions) {
    this.#link = link;
    this.#keyPrefix = keyPrefix;
  }

  take(id: string, rate: Rate, amount: number): Allowance | Promise<Allowance> {
    if (!this.#link.up) return this.#memory.take(id, rate, amount);
    const pending = this.#pendingOf(id, rate);
    this.#turn ??= setImmediate(() => this.#flush());
    return new Promise((resolve) => {
      pending.amounts.push(amount);
      pending.settle.push(resolve);
    });
  }

  charge(id: string, rate: Rate, amount: number): void {
    if (!this.#link.up) {
      this.#memory.charge(id, rate, amount);
      return;
    }
    this.#pendingOf(id, rate).late += amount;
    this.#timer ??= setTimeout(() => this.#flush(), CHARGE_MS).unref();
  }

  close(): void {
    this.#flush();
    this.#link.close();
  }

  #pendingOf(id: string, rate: Rate): Pending {
    const key = keyOf(id, rate);
    let pending = this.#pending.get(key);
    if (!pending) {
      pending = { id, rate, amounts: [], settle: [], late: 0 };
      this.#pending.set(key, pending);
    }
    return pending;
  }

  #flush(): void {
    clearImmediate(this.#turn);
    clearTimeout(this.#timer);
    this.#turn = undefined;
    this.#timer = undefined;
    const all = [...this.#pending];
    this.#pending.clear();
    for (const [key, pending] of all) void this.#ask(`${this.#keyPrefix}limit:${key}`, pending);
  }

  async #ask(key: string, { id, rate, amounts, settle, late }: Pending): Promise<void> {
    const given = [rate.quota, rate.windowSeconds * 1000, late, ...amounts];
    const answer = await this.#link.ask(async ({ commands }) => {
      try {
        return await commands.evalsha(SCRIPT_SHA, 1, key, ...given);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return commands.eval(SCRIPT, 1, key, ...given);
      }
    });
    const allowances = readAnswer(answer, rate, amounts.length);
    if (!allowances) {
      if (late > 0) this.#memory.charge(id, rate, late);
      for (const [at, amount] of amounts.entries()) {
        settle[at]?.(this.#memory.take(id, rate, amount));
      }
      return;
    }
    const last = allowances.at(-1);
    if (last) this.#memory.set(id, rate, last);
    for (const [at, allowance] of allowances.entries()) settle[at]?.(allowance);
  }
}

/** @returns `undefined` for what is no answer of the script */
function readAnswer(answer: unknown, rate: Rate, charges: number): Allowance[] | undefined {
  if (!Array.isArray(answer) || answer.length !== 1 + 2 * charges) return undefined;
  const numbers = answer.map(Number);
  const [resetMs = NaN] = numbers;
  if (numbers.some(Number.isNaN)) return undefined;
  return Array.from({ length: charges }, (_, i) => ({
    granted: numbers[1 + 2 * i] === 1,
    remaining: rate.quota - (numbers[2 + 2 * i] ?? 0),
    resetMs,
  }));
}
