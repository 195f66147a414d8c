import { Repeater, SlidingBuffer } from 'graphql-yoga';
import type { Call } from '../src/services/call.ts';
import type {
  DriftAlert,
  DriftBar,
  DriftReference,
  DriftReport,
  DriftService,
  DriftState,
  DriftStatistic,
  DriftTest,
  DriftWindow,
  FeatureDrift,
  FeatureSource,
} from '../src/services/drift.ts';
import type { Builder } from './builder.ts';

/** Alerts kept for a client that reads slowly; the oldest go first. */
const BUFFER = 256;

/** Defines the query `drift` and the subscription `driftAlerts`. */
export function defineDrift(builder: Builder): void {
  const state = builder.enumType('DriftState', {
    description: 'What a model gets and predicts, beside its reference.',
    values: {
      NONE: { description: 'As in the reference.' },
      WARNING: { description: 'A threshold is exceeded, not yet for long.' },
      DRIFT: { description: 'A threshold is far exceeded, or has been for a while.' },
      NOT_ENOUGH_DATA: { description: 'There is no reference, or too few predictions.' },
    } satisfies Record<DriftState, { description: string }>,
  });
  const window = builder.enumType('DriftWindow', {
    description: 'Predictions that are looked at.',
    values: {
      RECENT: { description: 'The last ones, 500 unless the server is set otherwise.' },
      HOUR: { description: 'Those of the last hour.' },
      DAY: { description: 'Those of the last day.' },
    } satisfies Record<DriftWindow, { description: string }>,
  });
  const statistic = builder.enumType('DriftStatistic', {
    description: 'Ways to hold what comes now against the reference.',
    values: {
      KOLMOGOROV_SMIRNOV: { description: 'Largest gap between cumulative distributions, 0 to 1.' },
      PSI: { description: 'Population stability index, 0 and up.' },
      CHI_SQUARE: { description: 'Pearson’s chi-square for each prediction, 0 and up.' },
      UNSEEN: { description: 'Share beyond the range or categories of the reference, 0 to 1.' },
      MISSING: { description: 'Share of missing values, 0 to 1.' },
      CONSTANT: { description: '1 where a feature that varied has a single value now.' },
    } satisfies Record<DriftStatistic, { description: string }>,
  });
  const source = builder.enumType('FeatureSource', {
    description: 'Where a feature is taken from.',
    values: {
      INPUT: { value: 'input', description: 'What was sent.' },
      PREDICTION: { value: 'prediction', description: 'What was answered.' },
    } satisfies Record<Uppercase<FeatureSource>, { value: FeatureSource; description: string }>,
  });

  const test = builder.objectRef<DriftTest>('DriftTest');
  test.implement({
    description: 'A statistic of a feature, and what it must not exceed.',
    fields: (t) => ({
      statistic: t.expose('statistic', { type: statistic, description: 'Which one.' }),
      value: t.exposeFloat('value', { description: 'Its value in the window.' }),
      threshold: t.exposeFloat('threshold', { description: 'What it must not exceed.' }),
      severity: t.exposeFloat('severity', {
        description: 'How far it is from its mean to the threshold; over 1 it exceeds it.',
      }),
    }),
  });

  const bar = builder.objectRef<DriftBar>('DriftBar');
  bar.implement({
    description: 'A bar of two histograms that are laid over each other.',
    fields: (t) => ({
      label: t.exposeString('label', {
        nullable: true,
        description: 'Category, `other` or `missing`; null for a range of numbers.',
      }),
      from: t.exposeFloat('from', { nullable: true, description: 'Beginning; null if open.' }),
      to: t.exposeFloat('to', { nullable: true, description: 'End, included; null if open.' }),
      reference: t.exposeFloat('reference', { description: 'Share in the reference, 0 to 1.' }),
      current: t.exposeFloat('current', { description: 'Share in the window, 0 to 1.' }),
    }),
  });

  const feature = builder.objectRef<FeatureDrift>('FeatureDrift');
  feature.implement({
    description: 'How one feature compares with its reference.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'A column, or what was measured.' }),
      source: t.expose('source', { type: source, description: 'Where it is taken from.' }),
      state: t.expose('state', { type: state, description: 'Of this feature alone.' }),
      values: t.exposeFloat('values', { description: 'Values in the window, missing ones too.' }),
      severity: t.exposeFloat('severity', { description: 'Of its worst test.' }),
      worst: t.expose('worst', { type: test, nullable: true, description: 'Its worst test.' }),
      tests: t.field({
        type: [test],
        description: 'All of its tests.',
        resolve: ({ tests }) => [...tests],
      }),
      histogram: t.field({
        type: [bar],
        description: 'Reference and window.',
        resolve: ({ histogram }) => [...histogram],
      }),
    }),
  });

  const reference = builder.objectRef<DriftReference>('DriftReference');
  reference.implement({
    description: 'What a version is held against.',
    fields: (t) => ({
      source: t.exposeString('source', { description: '`data` of a file, or `live` traffic.' }),
      createdAt: t.exposeString('createdAt', { description: 'When, as ISO 8601.' }),
      rows: t.exposeFloat('rows', { description: 'Rows that it was made of.' }),
    }),
  });

  const report = builder.objectRef<DriftReport>('DriftReport');
  report.implement({
    description: 'How a version does beside its reference.',
    fields: (t) => ({
      model: t.exposeString('model', { description: 'Name of the model.' }),
      version: t.exposeString('version', { description: 'Version.' }),
      window: t.expose('window', { type: window, description: 'Window that was looked at.' }),
      state: t.expose('state', { type: state, description: 'State.' }),
      reason: t.exposeString('reason', { description: 'Why, in words.' }),
      predictions: t.exposeFloat('predictions', { description: 'Predictions in the window.' }),
      replicas: t.exposeInt('replicas', { description: 'Replicas whose predictions count.' }),
      severity: t.exposeFloat('severity', { description: 'Of the worst feature.' }),
      columns: t.exposeStringList('columns', {
        description: 'Features that exceed a threshold, the worst first.',
      }),
      features: t.field({
        type: [feature],
        description: 'All features, the worst first.',
        resolve: ({ features }) => [...features],
      }),
      untested: t.exposeStringList('untested', {
        description: 'Features that the reference never had.',
      }),
      reference: t.expose('reference', {
        type: reference,
        nullable: true,
        description: 'The reference; null without one.',
      }),
      estimatedAccuracy: t.exposeFloat('estimatedAccuracy', {
        nullable: true,
        description: 'Mean confidence: the accuracy to expect where confidence is calibrated.',
      }),
      referenceAccuracy: t.exposeFloat('referenceAccuracy', {
        nullable: true,
        description: 'Accuracy on the reference, where its outcomes are known.',
      }),
      reportedAccuracy: t.float({
        nullable: true,
        description: 'Accuracy by reported outcomes; null before the first.',
        resolve: ({ reportedAccuracy }) => reportedAccuracy?.rate ?? null,
      }),
      reportedOutcomes: t.float({
        description: 'How many outcomes were reported.',
        resolve: ({ reportedAccuracy }) => reportedAccuracy?.count ?? 0,
      }),
      memoryBytes: t.exposeFloat('memoryBytes', {
        description: 'Memory that watching the version takes on this replica.',
      }),
    }),
  });

  const alert = builder.objectRef<DriftAlert>('DriftAlert');
  alert.implement({
    description: 'A change of the state of drift.',
    fields: (t) => ({
      model: t.exposeString('model', { description: 'Name of the model.' }),
      version: t.exposeString('version', { description: 'Version.' }),
      state: t.expose('state', { type: state, description: 'State now.' }),
      previous: t.expose('previous', { type: state, description: 'State before.' }),
      columns: t.exposeStringList('columns', {
        description: 'Features that exceed a threshold, the worst first.',
      }),
      severity: t.exposeFloat('severity', { description: 'Of the worst feature.' }),
      predictions: t.exposeFloat('predictions', { description: 'Predictions in the window.' }),
      message: t.exposeString('message', { description: 'What has changed, in words.' }),
      timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it happened.' }),
    }),
  });

  builder.queryField('drift', (t) =>
    t.field({
      type: report,
      description:
        'How what a model gets and predicts compares with its reference. Every prediction counts, ' +
        'cached or not; the state is told anew at least every 100 predictions and every 2 seconds.',
      args: {
        model: t.arg.string({ description: 'Name of the model. Left out: the default model.' }),
        version: t.arg.string({ description: 'Version or label. Left out: the serving version.' }),
        window: t.arg({ type: window, defaultValue: 'RECENT', description: 'What to look at.' }),
      },
      resolve: (_root, args, { services, call }) =>
        services.drift.report(
          call,
          args.model ?? undefined,
          args.version ?? undefined,
          args.window ?? undefined,
        ),
    }),
  );

  builder.subscriptionField('driftAlerts', (t) =>
    t.field({
      type: alert,
      description:
        'Changes of the state of drift from now on: into WARNING and DRIFT, and out of them.',
      args: { model: t.arg.string({ description: 'Name of a model. Left out: all.' }) },
      subscribe: (_root, { model }, { services, call }) =>
        subscribeToAlerts(services.drift, model ?? undefined, call),
      resolve: (payload) => payload,
    }),
  );
}

/**
 * Alerts as an async iterator; a Repeater, so that its clean-up runs at once when the client goes.
 *
 * @throws {ServiceError} `MODEL_NOT_FOUND`
 */
function subscribeToAlerts(
  drift: DriftService,
  model: string | undefined,
  call: Call,
): AsyncIterable<DriftAlert> {
  // An unknown model fails the subscription itself: it would wait for ever.
  let push: ((alert: DriftAlert) => void) | undefined;
  const unsubscribe = drift.subscribe(call, model, (alert) => push?.(alert));
  return new Repeater<DriftAlert>(async (send, stop) => {
    push = (alert) => void send(alert);
    const { signal } = call;
    const end = (): void => stop();
    signal?.addEventListener('abort', end);
    if (signal?.aborted) stop();
    await stop;
    signal?.removeEventListener('abort', end);
    unsubscribe();
  }, new SlidingBuffer(BUFFER));
}
