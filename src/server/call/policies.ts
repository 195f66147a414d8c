import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import type { CallTracker } from './call-tracker.ts';
import type { Access } from '../../access/access.ts';
import { accessLog } from './policies/access-log.ts';
import { authenticate } from './policies/authenticate.ts';
import { type CallCounters, callMetrics } from './policies/call-metrics.ts';
import { limitConcurrency } from './policies/concurrency.ts';
import {
  keepRecentRequests,
  type RecentRequestsPolicyOptions,
} from './policies/recent-requests.ts';
import { refuseCrossSite } from './policies/cross-site.ts';
import { refuseWhileDraining } from './policies/drain.ts';
import type { Policy } from './policy.ts';

/** What the server counts of its calls. */
export interface ServerCounters extends CallCounters {
  /** graphql-js has executed an operation that could not be compiled. */
  executorFallback(): void;
  /** The cost of an operation is known, in microseconds. */
  queryCost?(cost: number, isRefused: boolean): void;
}

/** What {@link createPolicies} needs. */
export interface PolicyOptions {
  readonly config: Pick<Config, 'maxConcurrentRequests' | 'corsOrigin'>;
  readonly logger: Logger;
  readonly tracker: CallTracker;
  readonly counters: ServerCounters;
  readonly access: Access;
  /** Requests that went wrong or took long. @default none are kept */
  readonly recent?: RecentRequestsPolicyOptions | undefined;
}

/** Every policy of the server, in the order in which they admit a call. */
export function createPolicies(options: PolicyOptions): readonly Policy[] {
  const { config, logger, tracker, counters, access, recent } = options;
  return [
    // First, so that whatever later ones refuse is logged and counted.
    accessLog(logger),
    callMetrics(counters),
    ...(recent ? [keepRecentRequests(recent)] : []),
    refuseWhileDraining(tracker),
    // Before anything that costs: what it refuses is not read.
    limitConcurrency(tracker, config.maxConcurrentRequests),
    refuseCrossSite(config.corsOrigin),
    authenticate(access),
  ];
}
