import { badInput, ServiceError } from '../../errors.ts';
import { formatRate, type Rate } from '../rate.ts';
import type { Allowance, UsageLimiter } from './usage-limiter.ts';

/** Who a rate is for, as far as limits go. */
export interface LimitedPrincipal {
  readonly id: string;
  /** Its own rate. @default `RATE_LIMIT` */
  readonly rate?: Rate | undefined;
}

/** What a caller is told of its rate. */
export interface RateState {
  readonly rate: Rate;
  readonly allowance: Allowance;
}

/** Decides how much principals may use. */
export class RateLimits {
  readonly #limiter: UsageLimiter;
  readonly #fallback: Rate | undefined;

  /** @param fallback `RATE_LIMIT`, for those without a rate of their own */
  constructor(limiter: UsageLimiter, fallback?: Rate) {
    this.#limiter = limiter;
    this.#fallback = fallback;
  }

  /** The rate of a principal; `undefined` where it has none. */
  rateOf(principal: LimitedPrincipal): Rate | undefined {
    return principal.rate ?? this.#fallback;
  }

  /**
   * Takes the rows of a call from the rate of its principal; where that is of compute, sees whether
   * anything is left.
   *
   * @returns `undefined` where there is no rate
   * @throws {ServiceError} `BAD_USER_INPUT` for more rows than the whole rate
   */
  take(principal: LimitedPrincipal, rows: number): RateState | undefined | Promise<RateState> {
    const rate = this.rateOf(principal);
    if (!rate) return undefined;
    if (rate.unit === 'rows' && rows > rate.quota) {
      throw badInput(
        `The call has ${rows} rows; the rate of ${formatRate(rate)} never allows that many at once.`,
        { limit: rate.quota },
      );
    }
    const allowance = this.#limiter.take(principal.id, rate, rate.unit === 'rows' ? rows : 0);
    return allowance instanceof Promise
      ? allowance.then((settled) => ({ rate, allowance: settled }))
      : { rate, allowance };
  }

  /** Charges compute that a principal has used, in milliseconds. */
  charge(principal: LimitedPrincipal, computeMs: number): void {
    const rate = this.rateOf(principal);
    if (rate?.unit === 'compute') this.#limiter.charge(principal.id, rate, computeMs);
  }

  /** Disconnects. */
  close(): void {
    this.#limiter.close();
  }
}

/** The error of a call that was not granted. */
export function rateLimited({ rate, allowance }: RateState): ServiceError {
  const { remaining } = allowance;
  // A debt takes more than the end of this window.
  const windows = remaining < 0 ? Math.floor(-remaining / rate.quota) : 0;
  const seconds = allowance.resetMs / 1000 + windows * rate.windowSeconds;
  const left = Math.max(0, Math.floor(remaining));
  const unit = rate.unit === 'rows' ? 'rows' : 'milliseconds of compute';
  return new ServiceError(
    'RATE_LIMITED',
    `The rate of ${formatRate(rate)} is used up; ${left} ${unit} are left.`,
    {
      retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
      details: { limit: rate.quota, remaining: left, unit: rate.unit },
    },
  );
}

/**
 * The headers `RateLimit-Policy` and `RateLimit`.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10
 */
export function rateHeaders({ rate, allowance }: RateState): Record<string, string> {
  const name = rate.unit === 'rows' ? 'rows' : 'compute-ms';
  const left = Math.max(0, Math.floor(allowance.remaining));
  const seconds = Math.max(0, Math.ceil(allowance.resetMs / 1000));
  return {
    'RateLimit-Policy': `"${name}";q=${rate.quota};w=${rate.windowSeconds}`,
    RateLimit: `"${name}";r=${left};t=${seconds}`,
  };
}
