import { threeDecimals } from '../durations.ts';
import type { HealthReport, HealthStatus, ModelStatus } from '../services/model-status.ts';

/** Options of {@link Health}. */
export interface HealthOptions {
  readonly models: {
    list(): readonly ModelStatus[];
    /** Whether the folder of models has been read. @default true */
    readonly isKnown?: boolean;
  };
  readonly serverVersion: string;
  /** How far loading is; `null` when nothing loads. */
  readonly loading?: () => HealthReport['loading'];
  /** Reasons from other parts (a cache tier that is down, say), one line each. */
  readonly impairments: () => readonly string[];
}

const EMPTY =
  'The folder of models is empty: put a model there as NAME/1/model.onnx, ' +
  'or run ml-inference-api init FILE.';

/** Tells how the server is, from the states of its models and parts. */
export class Health {
  readonly #options: HealthOptions;
  readonly #startedAt = performance.now();
  /** Whether the process takes traffic: set after loading, cleared when shutdown begins. */
  ready = false;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /**
   * @param sees tells which models exist for who asks; the others do not count. Left out: all exist
   */
  report(sees?: (model: string) => boolean): HealthReport {
    const all = this.#options.models.list();
    const models = sees ? all.filter(({ name }) => sees(name)) : all;
    const canServe = all.some(({ servingVersion }) => servingVersion !== null);
    const loaded = models.filter(({ servingVersion }) => servingVersion !== null);
    const reasons = [
      ...models.flatMap(({ name, state, reason, servingVersion }) => {
        if (state === 'failed') return [`Model "${name}" failed: ${reason ?? 'unknown reason'}`];
        return reason !== null && servingVersion !== null ? [`Model "${name}": ${reason}.`] : [];
      }),
      ...this.#options.impairments(),
    ];
    if (all.length === 0 && this.#options.models.isKnown !== false) reasons.push(EMPTY);
    let status: HealthStatus = reasons.length > 0 ? 'degraded' : 'healthy';
    if (loaded.length === 0) status = 'unhealthy';
    return {
      status,
      modelLoaded: loaded.length > 0,
      ready: this.ready && canServe,
      reasons,
      loading: this.#options.loading?.() ?? null,
      uptimeSeconds: threeDecimals((performance.now() - this.#startedAt) / 1000),
      serverVersion: this.#options.serverVersion,
      models,
    };
  }
}
