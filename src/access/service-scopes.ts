import type { Scope } from '../services/principal.ts';
import type { RecentRequestQuery } from '../services/recent-request.ts';
import type {
  PredictBatchRequest,
  PredictOptions,
  PredictRequest,
  Services,
} from '../services/services.ts';

/** What one method of a service asks of its caller. */
export interface ScopeRule {
  /** `null` for what anybody may ask that is let in at all. */
  readonly scope: Scope | null;
  /** The model that the arguments name; without it the scope is asked for in general. */
  readonly model?: (...args: never[]) => string | undefined;
  /**
   * What stands for no model where the caller may not use all: the first model that it may use, or
   * each of them in turn. Left out: the method itself looks at who asks.
   */
  readonly default?: 'first' | 'each';
  /** Whether it changes nothing although its scope is one of administration. @default false */
  readonly isRead?: boolean;
}

/** A rule for every method of every service. */
export type ServiceMethods = {
  readonly [S in keyof Services]: Readonly<Record<MethodOf<S>, ScopeRule>>;
};

type MethodOf<S extends keyof Services> = {
  [M in keyof Services[S]]: Services[S][M] extends (...args: never[]) => unknown ? M : never;
}[keyof Services[S]];

const first = (name?: string): string | undefined => name;

/**
 * The scope that each method of each service asks for. A method that is not here does not compile,
 * so that none can be forgotten.
 */
export const SERVICE_SCOPES = {
  predictions: {
    predict: { scope: 'predict', model: ({ model }: PredictRequest) => model, default: 'first' },
    predictBatch: {
      scope: 'predict',
      model: ({ model }: PredictBatchRequest) => model,
      default: 'first',
    },
    describe: { scope: 'predict', model: ({ model }: PredictOptions) => model, default: 'first' },
  },
  models: {
    list: { scope: 'models:read' },
    get: { scope: 'models:read', model: first },
  },
  admin: {
    loadModel: { scope: 'models:admin', model: first },
    unloadModel: { scope: 'models:admin', model: first },
    reloadModels: { scope: 'models:admin', model: first, default: 'each' },
    setTraffic: { scope: 'models:admin', model: first },
  },
  comparisons: {
    comparison: { scope: 'metrics:read', model: first },
    reportOutcome: { scope: 'outcomes:write' },
  },
  drift: {
    report: { scope: 'metrics:read', model: first },
    subscribe: { scope: 'metrics:read', model: first },
    freeze: { scope: 'models:admin', model: first },
  },
  modelEvents: {
    list: { scope: 'models:read', model: first },
    subscribe: { scope: 'models:read' },
  },
  health: { report: { scope: null } },
  metrics: {
    snapshot: { scope: 'metrics:read', model: first },
    clusterSnapshot: { scope: 'metrics:read', model: first },
    statistics: { scope: 'metrics:read', model: first },
    history: { scope: 'metrics:read', model: first },
    prometheus: { scope: 'metrics:read' },
    subscribe: {
      scope: 'metrics:read',
      model: ({ model }: { readonly model?: string | undefined }) => model,
    },
  },
  usage: { list: { scope: 'access:admin', isRead: true } },
  replicas: { list: { scope: 'metrics:read' } },
  recentRequests: {
    list: { scope: 'metrics:read', model: ({ model }: RecentRequestQuery) => model },
  },
  viewer: { describe: { scope: null } },
} as const satisfies ServiceMethods;
