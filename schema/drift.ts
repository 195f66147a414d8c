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
    description: 'State of the inputs and predictions of a model compared with its reference.',
    values: {
      NONE: { description: 'No threshold is exceeded.' },
      WARNING: { description: 'A threshold has been exceeded recently.' },
      DRIFT: { description: 'A threshold is exceeded by far, or has been exceeded for some time.' },
      NOT_ENOUGH_DATA: { description: 'There is no reference, or too few predictions.' },
    } satisfies Record<DriftState, { description: string }>,
  });
  const window = builder.enumType('DriftWindow', {
    description: 'Predictions to compare with the reference.',
    values: {
      RECENT: {
        description:
          'The latest predictions; their number is the setting DRIFT_WINDOW, 500 by default.',
      },
      HOUR: { description: 'The predictions of the last hour.' },
      DAY: { description: 'The predictions of the last day.' },
    } satisfies Record<DriftWindow, { description: string }>,
  });
  const statistic = builder.enumType('DriftStatistic', {
    description: 'Statistics that compare the window with the reference.',
    values: {
      KOLMOGOROV_SMIRNOV: { description: 'Largest gap between cumulative distributions, 0 to 1.' },
      PSI: { description: 'Population stability index, 0 and up.' },
      CHI_SQUARE: { description: 'Pearson’s chi-square for each prediction, 0 and up.' },
      UNSEEN: { description: 'Share beyond the range or categories of the reference, 0 to 1.' },
      MISSING: { description: 'Share of missing values, 0 to 1.' },
      CONSTANT: {
        description:
          '1 if a feature that varied in the reference has a single value in the window.',
      },
    } satisfies Record<DriftStatistic, { description: string }>,
  });
  const source = builder.enumType('FeatureSource', {
    description: 'Origin of a feature.',
    values: {
      INPUT: { value: 'input', description: 'The input.' },
      PREDICTION: { value: 'prediction', description: 'The prediction.' },
    } satisfies Record<Uppercase<FeatureSource>, { value: FeatureSource; description: string }>,
  });

  const test = builder.objectRef<DriftTest>('DriftTest');
  test.implement({
    description: 'A statistic of a feature and its threshold.',
    fields: (t) => ({
      statistic: t.expose('statistic', { type: statistic, description: 'The statistic.' }),
      value: t.exposeFloat('value', { description: 'Its value in the window.' }),
      threshold: t.exposeFloat('threshold', { description: 'The threshold.' }),
      severity: t.exposeFloat('severity', {
        description:
          'Distance from the expected value as a multiple of the distance to the threshold; above 1, the threshold is exceeded.',
      }),
    }),
  });

  const bar = builder.objectRef<DriftBar>('DriftBar');
  bar.implement({
    description: 'One bin of the histograms of reference and window.',
    fields: (t) => ({
      label: t.exposeString('label', {
        nullable: true,
        description: 'Category, `other` or `missing`; null for a range of numbers.',
      }),
      from: t.exposeFloat('from', {
        nullable: true,
        description: 'Lower bound; null if unbounded.',
      }),
      to: t.exposeFloat('to', {
        nullable: true,
        description: 'Upper bound, inclusive; null if unbounded.',
      }),
      reference: t.exposeFloat('reference', { description: 'Share in the reference, 0 to 1.' }),
      current: t.exposeFloat('current', { description: 'Share in the window, 0 to 1.' }),
    }),
  });

  const feature = builder.objectRef<FeatureDrift>('FeatureDrift');
  feature.implement({
    description: 'How one feature compares with its reference.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the column or measure.' }),
      source: t.expose('source', { type: source, description: 'Origin of the feature.' }),
      state: t.expose('state', { type: state, description: 'State of this feature alone.' }),
      values: t.exposeFloat('values', {
        description: 'Number of values in the window, including missing ones.',
      }),
      severity: t.exposeFloat('severity', { description: 'Severity of the worst test.' }),
      worst: t.expose('worst', { type: test, nullable: true, description: 'The worst test.' }),
      tests: t.field({
        type: [test],
        description: 'All tests.',
        resolve: ({ tests }) => [...tests],
      }),
      histogram: t.field({
        type: [bar],
        description: 'Histograms of reference and window.',
        resolve: ({ histogram }) => [...histogram],
      }),
    }),
  });

  const reference = builder.objectRef<DriftReference>('DriftReference');
  reference.implement({
    description: 'Reference that a version is compared with.',
    fields: (t) => ({
      source: t.exposeString('source', { description: '`data` for a file, `live` for traffic.' }),
      createdAt: t.exposeString('createdAt', { description: 'When it was created, in ISO 8601.' }),
      rows: t.exposeFloat('rows', { description: 'Number of rows it was built from.' }),
    }),
  });

  const report = builder.objectRef<DriftReport>('DriftReport');
  report.implement({
    description: 'Comparison of a version with its reference.',
    fields: (t) => ({
      model: t.exposeString('model', { description: 'Name of the model.' }),
      version: t.exposeString('version', { description: 'Version.' }),
      window: t.expose('window', { type: window, description: 'The window.' }),
      state: t.expose('state', { type: state, description: 'State.' }),
      reason: t.exposeString('reason', { description: 'Explanation of the state.' }),
      predictions: t.exposeFloat('predictions', { description: 'Predictions in the window.' }),
      replicas: t.exposeInt('replicas', {
        description: 'Number of replicas whose predictions count.',
      }),
      severity: t.exposeFloat('severity', { description: 'Severity of the worst feature.' }),
      columns: t.exposeStringList('columns', {
        description: 'Features that exceed a threshold, the worst first.',
      }),
      features: t.field({
        type: [feature],
        description: 'All features, the worst first.',
        resolve: ({ features }) => [...features],
      }),
      untested: t.exposeStringList('untested', {
        description: 'Features that the reference does not contain.',
      }),
      reference: t.expose('reference', {
        type: reference,
        nullable: true,
        description: 'The reference; null without one.',
      }),
      estimatedAccuracy: t.exposeFloat('estimatedAccuracy', {
        nullable: true,
        description: 'Mean confidence, which estimates the accuracy if confidence is calibrated.',
      }),
      referenceAccuracy: t.exposeFloat('referenceAccuracy', {
        nullable: true,
        description: 'Accuracy on the reference; null if its outcomes are unknown.',
      }),
      reportedAccuracy: t.float({
        nullable: true,
        description: 'Accuracy by reported outcomes; null before the first one.',
        resolve: ({ reportedAccuracy }) => reportedAccuracy?.rate ?? null,
      }),
      reportedOutcomes: t.float({
        description: 'Number of reported outcomes.',
        resolve: ({ reportedAccuracy }) => reportedAccuracy?.count ?? 0,
      }),
      memoryBytes: t.exposeFloat('memoryBytes', {
        description: 'Memory used to watch the version on this replica, in bytes.',
      }),
    }),
  });

  const alert = builder.objectRef<DriftAlert>('DriftAlert');
  alert.implement({
    description: 'A change of the drift state.',
    fields: (t) => ({
      model: t.exposeString('model', { description: 'Name of the model.' }),
      version: t.exposeString('version', { description: 'Version.' }),
      state: t.expose('state', { type: state, description: 'New state.' }),
      previous: t.expose('previous', { type: state, description: 'Previous state.' }),
      columns: t.exposeStringList('columns', {
        description: 'Features that exceed a threshold, the worst first.',
      }),
      severity: t.exposeFloat('severity', { description: 'Severity of the worst feature.' }),
      predictions: t.exposeFloat('predictions', { description: 'Predictions in the window.' }),
      message: t.exposeString('message', { description: 'Description of the change.' }),
      timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it happened.' }),
    }),
  });

  builder.queryField('drift', (t) =>
    t.field({
      type: report,
      description:
        'Comparison of the inputs and predictions of a model with its reference. Every prediction counts, ' +
        'cached or not; the state is updated at least every 100 predictions and every 2 seconds.',
      args: {
        model: t.arg.string({ description: 'Name of the model. Defaults to the default model.' }),
        version: t.arg.string({
          description: 'Version, or a version label. Defaults to the serving version.',
        }),
        window: t.arg({
          type: window,
          defaultValue: 'RECENT',
          description: 'Predictions to compare.',
        }),
        against: t.arg.string({
          description:
            'Serving version, or a label of it, to compare another version with instead of the reference: by what both get and predict in the window.',
        }),
      },
      resolve: (_root, args, { services, call }) =>
        services.drift.report(
          call,
          args.model ?? undefined,
          args.version ?? undefined,
          args.window ?? undefined,
          args.against ?? undefined,
        ),
    }),
  );

  builder.subscriptionField('driftAlerts', (t) =>
    t.field({
      type: alert,
      description: 'Changes of the drift state as they happen: into WARNING or DRIFT, and back.',
      args: { model: t.arg.string({ description: 'Name of the model. Defaults to all models.' }) },
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
