import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
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

/** Fewest rows left of a rate of which a part is taken ahead; below, every call asks Redis. */
const LEASED_FROM = 10_000;

/** Part of what is left that one process takes ahead. */
const LEASED_PART = 1 / 100;

/** Most rows that are taken ahead. */
const MOST_LEASED = 10_000;

/** Principals with a part taken ahead; the longest silent loses it. */
const MAX_LEASES = 10_000;

/** What was taken ahead from a window, and is granted without a question. */
interface Lease {
  /** Rows that can still be granted. */
  left: number;
  /** Rows that were taken with the last question. */
  readonly size: number;
  /** What all others can still take. */
  readonly remaining: number;
  /** End of the window, in `performance.now()` terms. */
  readonly endsAt: number;
  /** Whether no more is to be taken: it is on its way, or too little would be left. */
  isFinal: boolean;
}

/** Options of {@link RedisLimiter}. */
export interface RedisLimiterOptions {
  /** A connection of its own. */
  readonly link: RedisLink;
  /** Put in front of every key. */
  readonly keyPrefix: string;
}

/** @param isShared whether Redis has answered, and not this process alone */
type Settle = (allowance: Allowance, isShared: boolean) => void;

/** What is to be taken for one principal with the next question. */
interface Pending {
  readonly id: string;
  readonly rate: Rate;
  readonly amounts: number[];
  readonly settle: Settle[];
  late: number;
}

/**
 * The limits of all replicas together. What one principal asks for in one turn of the event loop
 * travels as one question, and no answer is waited for longer than `REDIS_TIMEOUT_MS`: without one
 * this process counts alone, from what it knew last.
 *
 * Of a rate of rows that has many left a process takes a hundredth ahead, and asks again when half of
 * that is used: no more is ever granted than the rate allows, and what a process has taken and not
 * used, at most a hundredth of what was left, is lost to the others until the window ends.
 */
export class RedisLimiter implements UsageLimiter {
  readonly #link: RedisLink;
  readonly #keyPrefix: string;
  readonly #memory = new MemoryLimiter();
  readonly #pending = new Map<string, Pending>();
  /** Those for whom a part is being taken ahead. */
  readonly #asked = new Set<string>();
  readonly #leases = new LRUCache<string, Lease>({ max: MAX_LEASES });
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ link, keyPrefix }: RedisLimiterOptions) {
    this.#link = link;
    this.#keyPrefix = keyPrefix;
  }

  take(id: string, rate: Rate, amount: number): Allowance | Promise<Allowance> {
    if (!this.#link.up) return this.#memory.take(id, rate, amount);
    const leased = amount > 0 ? this.#takeLeased(id, rate, amount) : undefined;
    if (leased) return leased;
    return new Promise((resolve) => this.#push(id, rate, amount, resolve));
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

  #takeLeased(id: string, rate: Rate, amount: number): Allowance | undefined {
    const lease = this.#leases.get(keyOf(id, rate));
    if (!lease || lease.left < amount) return undefined;
    const resetMs = lease.endsAt - performance.now();
    if (resetMs <= 0) return undefined;
    lease.left -= amount;
    if (!lease.isFinal && lease.left < lease.size / 2) {
      lease.isFinal = true;
      this.#takeAhead(id, rate, lease.remaining);
    }
    return { granted: true, remaining: lease.remaining + lease.left, resetMs };
  }

  /** Takes a part of what is left, to be granted without a question. */
  #takeAhead(id: string, rate: Rate, remaining: number): void {
    const key = keyOf(id, rate);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const size = Math.min(MOST_LEASED, Math.floor(remaining * LEASED_PART));
    this.#push(id, rate, size, (allowance, isShared) => {
      this.#asked.delete(key);
      if (!allowance.granted || !isShared) return;
      const now = performance.now();
      const before = this.#leases.get(key);
      this.#leases.set(key, {
        ...{ size, remaining: allowance.remaining, endsAt: now + allowance.resetMs },
        left: size + (before && before.endsAt > now ? before.left : 0),
        isFinal: allowance.remaining < LEASED_FROM,
      });
    });
  }

  #push(id: string, rate: Rate, amount: number, settle: Settle): void {
    const pending = this.#pendingOf(id, rate);
    pending.amounts.push(amount);
    pending.settle.push(settle);
    this.#turn ??= setImmediate(() => this.#flush());
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
        settle[at]?.(this.#memory.take(id, rate, amount), false);
      }
      return;
    }
    const last = allowances.at(-1);
    if (last) this.#memory.set(id, rate, last);
    for (const [at, allowance] of allowances.entries()) settle[at]?.(allowance, true);
    if (!last || rate.unit !== 'rows' || last.remaining < LEASED_FROM) return;
    const lease = this.#leases.get(keyOf(id, rate));
    // One that has run out, or whose window has ended, begins anew.
    if (!lease || lease.left === 0 || lease.endsAt <= performance.now()) {
      this.#takeAhead(id, rate, last.remaining);
    }
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
