import { setMaxListeners } from 'node:events';
import type { PredictionCache } from '../cache/cache.ts';
import { badInput, ServiceError, toServiceError } from '../errors.ts';
import type { PreparedInput } from '../codecs/codec.ts';
import { cacheKey } from './cache-key.ts';
import { finish } from './to-prediction.ts';
import { Flight, type FlightResult } from './shared-run.ts';
import { inLanes } from './run-concurrently.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { ModelCatalog } from '../serving/model-catalog.ts';
import type { Prediction } from '../services/prediction.ts';
import type { LiveParts, ServedVersion } from '../serving/served-version.ts';
import type {
  BatchPrediction,
  PredictBatchRequest,
  PredictOptions,
  PredictRequest,
} from '../services/services.ts';
import { observeAnswer, observeFailure } from '../rollout/observation.ts';

/** Limits of the {@link Predictor}. */
export interface PredictorLimits {
  /** Deadline of requests that bring none, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Most inputs in one batch request. */
  readonly maxBatchInputs: number;
  /** Rows that may wait per model version. */
  readonly maxQueueRows: number;
}

/** Options of {@link Predictor}. */
export interface PredictorOptions {
  readonly catalog: ModelCatalog;
  readonly cache: PredictionCache;
  readonly limits: PredictorLimits;
}

/** Fewest and most inputs of one batch request that are worked on at once. */
const WINDOW = { least: 64, most: 4096 } as const;

/**
 * The one service layer: resolves the model, prepares the input, looks in the cache, joins an
 * identical request in flight, batches, decodes and counts.
 */
export class Predictor {
  readonly #catalog: ModelCatalog;
  readonly #cache: PredictionCache;
  readonly #limits: PredictorLimits;
  #inFlight = 0;
  #onIdle: (() => void)[] = [];

  constructor({ catalog, cache, limits }: PredictorOptions) {
    this.#catalog = catalog;
    this.#cache = cache;
    this.#limits = limits;
  }

  async predict(request: PredictRequest): Promise<Prediction> {
    const served = this.#catalog.resolve(request.model, request.version, request.assignmentKey);
    const deadline = performance.now() + this.#timeout(request);
    return this.#predictOne(served, request, request.input, deadline);
  }

  async predictBatch(request: PredictBatchRequest): Promise<BatchPrediction> {
    const started = performance.now();
    const { inputs, ...given } = request;
    const { maxBatchInputs } = this.#limits;
    if (inputs.length > maxBatchInputs) {
      throw badInput(
        `A batch may hold at most ${maxBatchInputs} inputs; ${inputs.length} were sent.`,
        { maxBatchInputs },
      );
    }
    const served = this.#catalog.resolve(request.model, request.version, request.assignmentKey);
    const { live } = served;
    const deadline = started + this.#timeout(request);
    const options = { ...given, priority: request.priority ?? 'BULK' };
    live?.batcher.admit(1, options.priority);
    // Each row under way listens for the caller's leaving; that many is not a leak.
    if (options.signal instanceof AbortSignal) setMaxListeners(0, options.signal);
    const results: (Prediction | ServiceError)[] = [];
    this.#enter();
    served.retain();
    try {
      // Few inputs at a time: neither the tensors of 10,000 pictures nor their places in the queue
      // are taken before their turn comes.
      await inLanes(inputs.length, this.#window(served), async (at) => {
        const input = inputs[at];
        if (input === undefined) return;
        results[at] =
          options.signal?.aborted || performance.now() > deadline
            ? tooLate()
            : await this.#predictOne(served, options, input, deadline).catch(toServiceError);
      });
    } finally {
      served.release();
      this.#leave();
    }
    return { results, latencyMs: performance.now() - started };
  }

  /** Resolves when no prediction is being worked on. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Inputs of one batch request at once: enough to keep every worker busy, and half the queue. */
  #window({ live, pool }: ServedVersion): number {
    const wanted = 2 * (live?.batcher.maxBatchSize ?? 1) * ((pool?.liveWorkers ?? 1) + 1);
    const bounded = Math.min(Math.max(wanted, WINDOW.least), WINDOW.most);
    return Math.min(bounded, Math.ceil(this.#limits.maxQueueRows / 2));
  }

  #enter(): void {
    this.#inFlight++;
  }

  #leave(): void {
    if (--this.#inFlight > 0 || this.#onIdle.length === 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** @param deadline in `performance.now()` terms */
  async #predictOne(
    served: ServedVersion,
    options: PredictOptions,
    input: ModelInput,
    deadline: number,
  ): Promise<Prediction> {
    const { recorder } = served;
    const started = performance.now();
    recorder.started();
    served.retain();
    this.#enter();
    try {
      const prediction = await this.#answer(served, options, input, started, deadline);
      recorder.succeeded(prediction.latencyMs);
      const { observer } = served;
      if (observer) observeAnswer(served, observer, options, input, prediction);
      return prediction;
    } catch (thrown) {
      const error = toServiceError(thrown);
      recorder.failed(error.code, performance.now() - started);
      if (served.observer) observeFailure(served, served.observer, error, options.signal);
      throw error;
    } finally {
      served.release();
      this.#leave();
    }
  }

  #answer(
    served: ServedVersion,
    options: PredictOptions,
    input: ModelInput,
    started: number,
    deadline: number,
  ): Prediction | Promise<Prediction> {
    const { live, cacheTtlSeconds, recorder } = served;
    if (!live) throw new ServiceError('MODEL_NOT_READY', 'The model is being unloaded.');
    const prepared = live.input.prepare(input);
    const mode = cacheTtlSeconds === null ? 'bypass' : (options.cache ?? 'use');
    const key = mode === 'bypass' ? '' : cacheKey(served.digest, options, prepared.key);
    const preparedAt = performance.now();
    if (mode === 'use') {
      const hit = this.#cache.lookup(key);
      if (hit) {
        recorder.cacheHit('memory');
        const encodeMs = preparedAt - started;
        const result: FlightResult = {
          outputs: hit,
          tier: 'memory',
          encodeMs,
          queueMs: 0,
          inferenceMs: 0,
        };
        return finish(served, live, started, result, preparedAt);
      }
    }
    const flight = this.#board(served, live, options, prepared, mode === 'use' ? key : '', key);
    return flight
      .join(deadline, options.signal)
      .then((result) => finish(served, live, started, result, preparedAt));
  }

  /** The flight of this key: the one under way, else a new one. */
  #board(
    served: ServedVersion,
    live: LiveParts,
    options: PredictOptions,
    prepared: PreparedInput,
    sharedKey: string,
    storeKey: string,
  ): Flight {
    const under = sharedKey === '' ? undefined : served.flights.get(sharedKey);
    if (under && !under.abandoned) return under;
    const flight = new Flight();
    if (sharedKey !== '') served.flights.set(sharedKey, flight);
    flight.start(async () => {
      try {
        return await this.#fly(served, live, options, prepared, flight, sharedKey, storeKey);
      } finally {
        if (sharedKey !== '') served.flights.delete(sharedKey, flight);
      }
    });
    return flight;
  }

  /** Asks the second tier of the cache, then the model. */
  async #fly(
    served: ServedVersion,
    live: LiveParts,
    options: PredictOptions,
    prepared: PreparedInput,
    flight: Flight,
    lookupKey: string,
    storeKey: string,
  ): Promise<FlightResult> {
    const { recorder } = served;
    if (lookupKey !== '') {
      const { hasRemote } = this.#cache;
      const found = hasRemote ? await this.#cache.lookupRemote(lookupKey) : undefined;
      if (found) {
        recorder.cacheHit('redis');
        return { outputs: found, tier: 'redis', encodeMs: 0, queueMs: 0, inferenceMs: 0 };
      }
      recorder.cacheMiss(hasRemote ? 'redis' : 'memory');
      if (flight.abandoned) throw tooLate();
    }
    const encodeStarted = performance.now();
    const encoding = prepared.encode();
    const input = encoding instanceof Promise ? await encoding : encoding;
    const encodeMs = performance.now() - encodeStarted;
    const result = await live.batcher.run(
      { input, outputs: wantedOutputs(options, live), flight },
      options.priority ?? 'INTERACTIVE',
    );
    recorder.queueWait(result.queueMs);
    const outputs = live.output.finish(result.outputs, input);
    if (storeKey !== '') this.#cache.store(storeKey, outputs, served.cacheTtlSeconds ?? 0);
    const { queueMs, inferenceMs } = result;
    return { outputs, tier: null, encodeMs, queueMs, inferenceMs };
  }

  #timeout({ timeoutMs }: PredictOptions): number {
    if (timeoutMs === undefined) return this.#limits.requestTimeoutMs;
    if (!(timeoutMs > 0 && timeoutMs <= 3_600_000)) {
      throw badInput('timeoutMs must be over 0 and at most 3600000 milliseconds.', {
        field: 'timeoutMs',
      });
    }
    return timeoutMs;
  }
}

/** Output tensors that the engine is asked for. */
function wantedOutputs(
  { allOutputs, onlyOutputs }: PredictOptions,
  live: LiveParts,
): readonly string[] {
  if (allOutputs) return live.allOutputs;
  return onlyOutputs ?? live.output.needed;
}

function tooLate(): ServiceError {
  return new ServiceError(
    'DEADLINE_EXCEEDED',
    'The deadline passed before the input had its turn.',
    {
      retryAfterSeconds: 1,
    },
  );
}
