import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { PredictionCache } from '../cache/cache.ts';
import type { Codecs } from '../codecs/create-codecs.ts';
import { threeDecimals } from '../durations.ts';
import { badInput, ServiceError, toServiceError } from '../errors.ts';
import type { Call } from '../services/call.ts';
import type { Span } from '../services/span.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { Prediction } from '../services/prediction.ts';
import type {
  BatchPrediction,
  ModelInterface,
  PredictBatchRequest,
  PredictionService,
  PredictOptions,
  PredictRequest,
} from '../services/services.ts';
import type { LiveParts } from '../serving/live-parts.ts';
import type { ServedVersion } from '../serving/served-version.ts';
import { cacheKey } from './cache-key.ts';
import { endLookup, endSpan, joinTrace, MEMORY, REDIS, startSpan } from './prediction-spans.ts';
import { type NamePrediction, type PredictionJob, toPrediction } from './prediction-job.ts';
import type { PredictionObserver } from './prediction-observer.ts';
import { runConcurrently } from './run-concurrently.ts';
import { SharedRun, type RunResult } from './shared-run.ts';
import { SharedRuns } from './shared-runs.ts';

/** Limits of the {@link Predictor}. */
export interface PredictorLimits {
  /** Deadline of requests that bring none, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Most inputs in one batch request. */
  readonly maxBatchInputs: number;
  /** Rows that may wait per model version. */
  readonly maxQueueRows: number;
}

/** Finds the version that answers a request. */
export interface VersionResolver {
  /** @throws {ServiceError} `MODEL_NOT_FOUND` or `MODEL_NOT_READY` */
  resolve(
    model: string | undefined,
    version: string | undefined,
    assignmentKey: string | undefined,
  ): ServedVersion;
}

/** Options of {@link Predictor}. */
export interface PredictorOptions {
  readonly catalog: VersionResolver;
  readonly cache: PredictionCache;
  readonly limits: PredictorLimits;
  /** Told of every prediction. @default none */
  readonly observers?: readonly PredictionObserver[];
  /** @default random UUIDs */
  readonly namePrediction?: NamePrediction;
}

/** Fewest and most inputs of one batch request that are worked on at once. */
const WINDOW = { least: 64, most: 4096 } as const;

/**
 * The one service layer: resolves the model, prepares the input, looks in the cache, joins an
 * identical run under way, batches, decodes and counts.
 */
export class Predictor implements PredictionService {
  readonly #catalog: VersionResolver;
  readonly #cache: PredictionCache;
  readonly #limits: PredictorLimits;
  readonly #observers: readonly PredictionObserver[];
  readonly #namePrediction: NamePrediction;
  /** Runs under way by cache key, so that identical requests share one. */
  readonly #runs = new SharedRuns();

  constructor(options: PredictorOptions) {
    this.#catalog = options.catalog;
    this.#cache = options.cache;
    this.#limits = options.limits;
    this.#observers = options.observers ?? [];
    this.#namePrediction = options.namePrediction ?? (() => randomUUID());
  }

  predict(call: Call, request: PredictRequest): Promise<Prediction> {
    try {
      const served = this.#resolve(call, request);
      const deadline = performance.now() + this.#timeout(call, request);
      return this.#predictOne(call, served, request, request.input, deadline);
    } catch (thrown) {
      return Promise.reject(toServiceError(thrown));
    }
  }

  async predictBatch(call: Call, request: PredictBatchRequest): Promise<BatchPrediction> {
    const started = performance.now();
    const { inputs, ...given } = request;
    const { maxBatchInputs } = this.#limits;
    if (inputs.length > maxBatchInputs) {
      throw new ServiceError(
        'BAD_USER_INPUT',
        `A batch may hold at most ${maxBatchInputs} inputs; ${inputs.length} were sent.`,
        { details: { maxBatchInputs }, limit: 'MAX_BATCH_INPUTS' },
      );
    }
    const served = this.#resolve(call, request);
    const { live } = served;
    const deadline = started + this.#timeout(call, request);
    const options = { ...given, priority: request.priority ?? 'BULK' };
    live?.batcher.admit(1, options.priority, call.principal);
    // Each row under way listens for the caller's leaving; that many is not a leak.
    const { signal } = call;
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
    const results: (Prediction | ServiceError)[] = [];
    served.retain();
    try {
      // Few inputs at a time: neither the tensors of 10,000 images nor their places in the queue
      // are taken before their turn comes.
      await runConcurrently(inputs.length, this.#window(served), async (at) => {
        const input = inputs[at];
        if (input === undefined) return;
        results[at] =
          signal?.aborted || performance.now() > deadline
            ? tooLate()
            : await this.#predictOne(call, served, options, input, deadline).catch(toServiceError);
      });
    } finally {
      served.release();
    }
    return { results, latencyMs: threeDecimals(performance.now() - started) };
  }

  describe(call: Call, request: PredictOptions): ModelInterface {
    const { live, model, version, cacheTtlSeconds } = this.#resolve(call, request);
    if (!live) throw new ServiceError('MODEL_NOT_READY', 'The model is being unloaded.');
    const { input, output, batcher, report } = live;
    return {
      model,
      version,
      cached: cacheTtlSeconds !== null,
      inputKind: input.kind,
      outputKind: output.kind,
      signature: report.signature,
      labels: output.labels,
      maxBatchSize: batcher.maxBatchSize,
      hasRows: live.hasRows,
    };
  }

  /** Inputs of one batch request at once: enough to keep every worker busy, and half the queue. */
  #window({ live, pool }: ServedVersion): number {
    const wanted = 2 * (live?.batcher.maxBatchSize ?? 1) * ((pool?.liveWorkers ?? 1) + 1);
    const bounded = Math.min(Math.max(wanted, WINDOW.least), WINDOW.most);
    return Math.min(bounded, Math.ceil(this.#limits.maxQueueRows / 2));
  }

  /** @param deadline in `performance.now()` terms */
  async #predictOne(
    call: Call,
    served: ServedVersion,
    options: PredictOptions,
    input: ModelInput,
    deadline: number,
  ): Promise<Prediction> {
    const { recorder } = served;
    const startedAt = performance.now();
    const span = startSpan(call, served, startedAt);
    recorder.started();
    served.retain();
    try {
      const answer = this.#answer(
        this.#prepare(call, served, options, input, startedAt, deadline, span),
      );
      // What the cache in memory has is not waited for.
      const prediction = answer instanceof Promise ? await answer : answer;
      recorder.succeeded(prediction.latencyMs, span);
      if (span) endSpan(span, prediction);
      for (const observer of this.#observers) {
        observer.answered(call, served, options, input, prediction);
      }
      return prediction;
    } catch (thrown) {
      const error = toServiceError(thrown);
      recorder.failed(error.code, performance.now() - startedAt);
      span?.end(error.code);
      for (const observer of this.#observers) {
        observer.failed(call, served, options, input, error);
      }
      throw error;
    } finally {
      served.release();
    }
  }

  /** Checks the input, and settles what part the cache has. */
  #prepare(
    call: Call,
    served: ServedVersion,
    options: PredictOptions,
    input: ModelInput,
    startedAt: number,
    deadline: number,
    span: Span | undefined,
  ): PredictionJob {
    const { live, cacheTtlSeconds, cacheIdentity } = served;
    if (!live) throw new ServiceError('MODEL_NOT_READY', 'The model is being unloaded.');
    const codecs = options.raw ? live.raw : live;
    requireOutputs(options, live);
    const prepared = codecs.input.prepare(input);
    const mode = cacheTtlSeconds === null ? 'bypass' : (options.cache ?? 'use');
    const key = mode === 'bypass' ? '' : cacheKey(cacheIdentity, options, prepared.key);
    const shared = mode === 'use';
    const preparedAt = performance.now();
    return {
      call,
      served,
      live,
      codecs,
      options,
      input,
      prepared,
      key,
      shared,
      startedAt,
      preparedAt,
      deadline,
      span,
    };
  }

  #answer(job: PredictionJob): Prediction | Promise<Prediction> {
    const { key, shared, served, startedAt, preparedAt, span } = job;
    const lookup = shared ? span?.start('cache lookup', MEMORY) : undefined;
    const hit = shared ? this.#cache.lookup(key) : undefined;
    if (lookup) endLookup(lookup, hit !== undefined);
    if (hit) {
      served.recorder.cacheHit('memory', performance.now() - preparedAt);
      const encodeMs = preparedAt - startedAt;
      const result = {
        outputs: hit,
        tier: 'memory',
        encodeMs,
        queueMs: 0,
        inferenceMs: 0,
      } as const;
      return toPrediction(job, result, this.#namePrediction);
    }
    return this.#runOf(job)
      .join(job.deadline, job.call.signal)
      .then((result) => toPrediction(job, result, this.#namePrediction));
  }

  /** The run of an identical request that is under way, else a new one. */
  #runOf(job: PredictionJob): SharedRun {
    const { key, shared, live } = job;
    const under = shared ? this.#runs.get(key) : undefined;
    // After a reload, what runs may be the version that was replaced.
    if (under && !under.abandoned && under.owner === live) {
      if (job.span) joinTrace(job.span, under);
      return under;
    }
    const run = new SharedRun(live);
    run.span = job.span;
    if (shared) this.#runs.set(key, run);
    run.start(async () => {
      try {
        return await this.#run(job, run);
      } finally {
        if (shared) this.#runs.delete(key, run);
      }
    });
    return run;
  }

  /** Asks the second tier of the cache, then the model. */
  async #run(job: PredictionJob, run: SharedRun): Promise<RunResult> {
    const { served, live, codecs, options, prepared, key, shared, span } = job;
    const { recorder } = served;
    if (shared) {
      const { hasRemote } = this.#cache;
      const lookup = hasRemote ? span?.start('cache lookup', REDIS) : undefined;
      const lookedAt = performance.now();
      const found = hasRemote ? await this.#cache.lookupRemote(key) : undefined;
      if (lookup) endLookup(lookup, found !== undefined);
      const lookedMs = performance.now() - lookedAt;
      if (found) {
        recorder.cacheHit('redis', lookedMs);
        return { outputs: found, tier: 'redis', encodeMs: 0, queueMs: 0, inferenceMs: 0 };
      }
      recorder.cacheMiss(hasRemote ? 'redis' : 'memory', lookedMs);
      if (run.abandoned) throw tooLate();
    }
    const encodeStarted = performance.now();
    const encodeSpan = span?.start('encode');
    const encoding = prepared.encode();
    const input = encoding instanceof Promise ? await encoding : encoding;
    encodeSpan?.end();
    const encodeMs = performance.now() - encodeStarted;
    const wanted = wantedOutputs(options, live, codecs);
    // Raw outputs of a padded batch would show how long its other texts are.
    const isAlone = codecs.input.pads === true && wanted !== codecs.output.needed;
    const result = await live.batcher.run(
      {
        input: isAlone ? { ...input, group: null } : input,
        outputs: wanted,
        waiters: run,
        share: job.call.principal,
        span,
      },
      options.priority ?? 'INTERACTIVE',
    );
    recorder.queueWait(result.queueMs);
    const decodeStarted = performance.now();
    const outputs = codecs.output.postprocess(result.outputs, input);
    recorder.translated(encodeMs, performance.now() - decodeStarted);
    for (const observer of this.#observers) {
      if (!options.raw) observer.computed?.(served, job.input, input, outputs);
    }
    if (key !== '') {
      const store = span?.start('cache store');
      this.#cache.store(key, outputs, served.cacheTtlSeconds ?? 0);
      store?.end();
    }
    const { queueMs, inferenceMs, computeMs } = result;
    return { outputs, tier: null, encodeMs, queueMs, inferenceMs, computeMs };
  }

  #resolve(call: Call, { model, version, assignmentKey }: PredictOptions): ServedVersion {
    return this.#catalog.resolve(model, version, assignmentKey ?? call.assignmentKey);
  }

  #timeout(call: Call, { timeoutMs = call.timeoutMs }: PredictOptions): number {
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
  codecs: Codecs,
): readonly string[] {
  if (allOutputs) return live.allOutputs;
  return onlyOutputs ?? codecs.output.needed;
}

/** Refuses names that the model does not have, before anything is run for them. */
function requireOutputs({ onlyOutputs }: PredictOptions, { allOutputs }: LiveParts): void {
  const unknown = onlyOutputs?.find((name) => !allOutputs.includes(name));
  if (unknown === undefined) return;
  const known = allOutputs.map((name) => `"${name}"`).join(', ');
  throw badInput(`There is no output "${unknown}"; the model gives ${known}.`, { output: unknown });
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
