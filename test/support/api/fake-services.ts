import { EventEmitter } from 'node:events';
import type { Call } from '../../../src/services/call.ts';
import { badInput, ServiceError } from '../../../src/errors.ts';
import type { OutputCodec } from '../../../src/codecs/codec.ts';
import type { HealthReport, ModelStatus } from '../../../src/services/model-status.ts';
import { ModelEvents } from '../../../src/serving/model-events.ts';
import { Prediction } from '../../../src/services/prediction.ts';
import type {
  PredictBatchRequest,
  PredictOptions,
  PredictRequest,
  Services,
} from '../../../src/services/services.ts';
import { createFakeOperations, HISTORY_POINT } from './fake-operations.ts';
import { compareVersionsOf } from '../../../src/rollout/comparison.ts';
import { VersionStats } from '../../../src/rollout/version-stats.ts';
import type { MetricsSnapshot } from '../../../src/services/metrics-snapshot.ts';

/** The model that the fake serves. */
export const SENTIMENT: ModelStatus = {
  name: 'sentiment',
  description: 'Tells whether a text is glad.',
  isDefault: true,
  state: 'ready',
  reason: null,
  servingVersion: '2',
  warmed: true,
  batching: { enabled: true, reason: 'shown', verified: true },
  inputKind: 'text',
  outputKind: 'classification',
  labels: ['negative', 'positive'],
  columns: null,
  versionLabels: {},
  traffic: [],
  shadow: null,
  unit: null,
  versions: [
    {
      version: '2',
      state: 'ready',
      reason: null,
      engine: 'onnx',
      backend: 'cpu',
      loadMs: 12.5,
      warmed: true,
      batching: { enabled: true, reason: 'shown', verified: true },
      signature: {
        inputs: [{ name: 'ids', datatype: 'INT32', shape: [null, 64] }],
        outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [null, 2] }],
      },
      workers: 1,
    },
  ],
  examples: [{ input: { text: 'What a <great> day' }, prediction: 'positive' }],
};

/** A model that could not be loaded. */
export const BROKEN: ModelStatus = {
  name: 'broken',
  description: null,
  isDefault: false,
  state: 'failed',
  reason: 'model.onnx is not a model',
  servingVersion: null,
  warmed: null,
  batching: null,
  inputKind: null,
  outputKind: null,
  labels: null,
  columns: null,
  versionLabels: {},
  traffic: [],
  shadow: null,
  unit: null,
  versions: [],
  examples: [],
};

/** What nobody has asked for yet. */
const DRIFT = {
  state: 'NOT_ENOUGH_DATA',
  reason: 'There is no profile.json beside the version.',
  predictions: 0,
  replicas: 1,
  severity: 0,
  columns: [],
  features: [],
  untested: [],
  reference: null,
  estimatedAccuracy: null,
  referenceAccuracy: null,
  reportedAccuracy: null,
  memoryBytes: 0,
} as const;

/** A request with what its call said of it. */
type CalledRequest = PredictRequest & Pick<Call, 'signal'>;

/** What a test may change and look at. */
export interface FakeServices extends Services {
  /** Every single prediction that was asked for. */
  readonly requests: CalledRequest[];
  /** Every change that was asked for: the name of the method and its arguments. */
  readonly changes: (readonly unknown[])[];
  /** Every batch that was asked for. */
  readonly batches: PredictBatchRequest[];
  /** What the codec was asked to read: `prediction`, `confidence`, `scores:3`, `outputs`. */
  readonly computed: string[];
  /** Emits `subscribed` and `unsubscribed`, each with the options. */
  readonly events: EventEmitter;
  /** Emits the events of `modelEvents`. */
  readonly emitter: ModelEvents;
  /** Listeners of the metrics. */
  readonly listeners: Set<(snapshot: MetricsSnapshot) => void>;
  /** Overrides of the next answers. */
  readonly state: {
    healthStatus: HealthReport['status'];
    ready: boolean;
    /** Runs before each prediction; may throw, or wait. */
    beforePredict: ((request: CalledRequest) => void | Promise<void>) | undefined;
  };
}

/** Services in memory that answer as the contract says, without any model. */
export function createFakeServices(): FakeServices {
  const models = [BROKEN, SENTIMENT];
  const requests: CalledRequest[] = [];
  const batches: PredictBatchRequest[] = [];
  const changes: (readonly unknown[])[] = [];
  const computed: string[] = [];
  const events = new EventEmitter();
  const modelEvents = new ModelEvents();
  const listeners = new Set<(snapshot: MetricsSnapshot) => void>();
  const state: FakeServices['state'] = {
    healthStatus: 'healthy',
    ready: true,
    beforePredict: undefined,
  };

  const codec: OutputCodec = {
    kind: 'classification',
    needed: ['probabilities'],
    labels: SENTIMENT.labels,
    postprocess: (outputs) => outputs,
    prediction: () => (computed.push('prediction'), 'positive'),
    confidence: () => (computed.push('confidence'), 0.75),
    scores: (_outputs, top) => (
      computed.push(`scores:${top}`),
      [
        { label: 'positive', score: 0.75 },
        { label: 'negative', score: 0.25 },
      ].slice(0, top)
    ),
  };

  const checkModel = (model: string | undefined): void => {
    if (model !== undefined && !models.some(({ name }) => name === model)) {
      throw new ServiceError('MODEL_NOT_FOUND', `No model is named ${model}; there is sentiment.`);
    }
    if (model === 'broken') {
      throw new ServiceError('MODEL_NOT_READY', 'broken could not be loaded.', {
        retryAfterSeconds: 2.5,
      });
    }
  };

  const answer = ({ input, allOutputs }: PredictRequest): Prediction => {
    // Whoever sends a file has its name, its fields and its bytes looked at, not what it shows.
    const isFile = input.image instanceof Uint8Array;
    if (input.text === undefined && !isFile)
      throw badInput('sentiment takes text.', { expected: 'text' });
    if (input.text === '') throw badInput('The text is empty.');
    const outputs = {
      probabilities: {
        datatype: 'FP32' as const,
        shape: [1, 2],
        data: new Float32Array([0.25, 0.75]),
      },
      ...(allOutputs && {
        hidden: { datatype: 'INT64' as const, shape: [1, 1], data: new BigInt64Array([7n]) },
      }),
    };
    return new Prediction(codec, outputs, {
      model: 'sentiment',
      version: '2',
      cached: false,
      latencyMs: 1.5,
      timings: { encodeMs: 0.1, cacheMs: 0.2, queueMs: 0.3, inferenceMs: 0.9 },
    });
  };

  const snapshot = (model?: string): MetricsSnapshot => {
    checkModel(model);
    return {
      timestamp: 1_700_000_000_000,
      uptimeSeconds: 10,
      model: model ?? null,
      replicas: 1,
      totalRequests: requests.length,
      successfulRequests: requests.length,
      failedRequests: 0,
      cacheHits: 1,
      cacheMisses: 3,
      cacheHitRate: 0.25,
      latency: { avgMs: 2, p50Ms: 1, p95Ms: 4, p99Ms: 5 },
      throughput: 0.5,
      inFlight: 0,
      queuedRows: 0,
      batches: 2,
      avgBatchSize: 1.5,
      batchSizes: [
        { upTo: 1, count: 1 },
        { upTo: null, count: 1 },
      ],
      errors: { BAD_USER_INPUT: 2 },
    };
  };

  const versions = new Map(
    ['1', '2'].map((version) => [version, { version, stats: new VersionStats() }]),
  );
  const change = async (method: string, args: readonly unknown[]): Promise<ModelStatus> => {
    changes.push([method, ...args]);
    checkModel(args[0] as string);
    return Promise.resolve(SENTIMENT);
  };

  return {
    requests,
    batches,
    changes,
    computed,
    emitter: modelEvents,
    modelEvents: {
      list: (_call, model, limit) => {
        checkModel(model);
        return modelEvents.recent().slice(0, limit);
      },
      subscribe: (_call, listener) => modelEvents.subscribe(listener),
    },
    events,
    listeners,
    state,
    predictions: {
      describe: () => {
        throw new Error('the fake has no tensors');
      },
      async predict(call, given) {
        const request = withCall(call, given);
        requests.push(request);
        events.emit('predict', request);
        await state.beforePredict?.(request);
        checkModel(request.model);
        return answer(request);
      },
      async predictBatch(call, given) {
        const request = withCall(call, given);
        batches.push(request);
        checkModel(request.model);
        const { inputs, ...options } = request;
        const results = await Promise.all(
          inputs.map(async (input) => {
            try {
              await state.beforePredict?.({ input, ...options });
              return answer({ input, ...options });
            } catch (thrown) {
              if (thrown instanceof ServiceError) return thrown;
              throw thrown;
            }
          }),
        );
        return { results, latencyMs: 3 };
      },
    },
    models: {
      list: () => models,
      get: (_call, name) => models.find((model) => model.name === name),
    },
    admin: {
      loadModel: (_call, ...args) => change('loadModel', args),
      unloadModel: (_call, ...args) => change('unloadModel', args),
      async reloadModels(_call, ...args) {
        changes.push(['reloadModels', ...args]);
        checkModel(args[0]);
        return Promise.resolve(models);
      },
      setTraffic(_call, name, traffic) {
        changes.push(['setTraffic', name, traffic]);
        checkModel(name);
        return { ...SENTIMENT, traffic: traffic?.split ?? [], shadow: traffic?.shadow ?? null };
      },
    },
    comparisons: {
      comparison(_call, name) {
        checkModel(name);
        const compared = compareVersionsOf({ name, versions, serving: '2', split: [] });
        return {
          ...compared,
          versions: compared.versions.map((each) => ({ ...each, metrics: snapshot(name) })),
        };
      },
      reportOutcome(_call, predictionId, actual) {
        if (predictionId !== 'known') throw badInput('predictionId: not remembered.');
        const correct = actual === 'positive';
        return { predictionId, model: 'sentiment', version: '2', correct, counted: true };
      },
    },
    drift: {
      report(_call, name = 'sentiment', version = '2', window = 'RECENT') {
        checkModel(name);
        return Promise.resolve({ ...DRIFT, model: name, version, window });
      },
      subscribe: () => () => undefined,
      freeze: () => Promise.resolve({}),
    },
    health: {
      report: () => ({
        status: state.healthStatus,
        modelLoaded: state.healthStatus !== 'unhealthy',
        ready: state.ready,
        reasons: ['broken: model.onnx is not a model'],
        loading: null,
        uptimeSeconds: 10,
        serverVersion: '1.2.3',
        models,
      }),
    },
    ...createFakeOperations(checkModel),
    usage: {
      list: () => [
        {
          id: 'a',
          name: 'web',
          calls: 2,
          rows: 3,
          computeMs: 1.23456,
          refused: 1,
          lastUsedAt: Date.UTC(2026, 0, 2),
        },
      ],
    },
    metrics: {
      snapshot: (_call, model) => snapshot(model),
      clusterSnapshot: (_call, model) => Promise.resolve({ ...snapshot(model), replicas: 2 }),
      statistics: () => [],
      history: (_call, model) => {
        checkModel(model);
        return [HISTORY_POINT];
      },
      prometheus: (_call, format) =>
        Promise.resolve({
          contentType:
            format === 'openmetrics'
              ? 'application/openmetrics-text; version=1.0.0; charset=utf-8'
              : 'text/plain; version=0.0.4; charset=utf-8',
          body: `requests_total 1\n${format === 'openmetrics' ? '# EOF\n' : ''}`,
        }),
      subscribe(_call, options, listener) {
        listeners.add(listener);
        events.emit('subscribed', options);
        listener(snapshot(options.model));
        return () => {
          listeners.delete(listener);
          events.emit('unsubscribed', options);
        };
      },
    },
  };
}

/** A request with what its call says where the request itself does not. */
function withCall<R extends PredictOptions>(call: Call, request: R): R & Pick<Call, 'signal'> {
  return {
    ...request,
    signal: call.signal,
    timeoutMs: request.timeoutMs ?? call.timeoutMs,
    assignmentKey: request.assignmentKey ?? call.assignmentKey,
  };
}
