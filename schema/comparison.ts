import type {
  MeasuredComparison,
  MeasuredVersion,
  OutcomeComparison,
  Rate,
  Verdict,
} from '../src/services/comparison.ts';
import type { LatencyFigures } from '../src/services/metrics-snapshot.ts';
import type { OutcomeReport } from '../src/services/services.ts';
import type { Builder } from './builder.ts';
import type { MetricsRefs } from './metrics.ts';
import type { ModelRefs } from './model.ts';

const METHOD =
  "Robbins' normal mixture confidence sequence for bounded means at 95 %. It is valid at all " +
  'times simultaneously, so looking repeatedly does not raise the rate of false verdicts.';

/** Defines the comparison of versions, and the mutation `reportOutcome`. */
export function defineComparisons(
  builder: Builder,
  { model, metrics }: ModelRefs & MetricsRefs,
): void {
  const verdict = builder.enumType('Verdict', {
    description: 'How a version compares with the serving one, by reported outcomes.',
    values: {
      BETTER: { description: 'Its accuracy is significantly higher.' },
      WORSE: { description: 'Its accuracy is significantly lower.' },
      NOT_YET_KNOWN: { description: 'There are not enough outcomes yet.' },
    } satisfies Record<Verdict, { description: string }>,
  });

  const rate = builder.objectRef<Rate>('SuccessRate');
  rate.implement({
    description: 'A success rate with its counts.',
    fields: (t) => ({
      count: t.expose('count', { type: 'SafeInt', description: 'Total count.' }),
      successes: t.expose('successes', { type: 'SafeInt', description: 'Number of successes.' }),
      rate: t.exposeFloat('rate', {
        nullable: true,
        description: 'Successes per count, 0 to 1; null if the count is 0.',
      }),
    }),
  });

  const latency = builder.objectRef<LatencyFigures>('LatencyFigures');
  const milliseconds = {
    nullable: true,
    description: 'In milliseconds; null before the first prediction.',
  } as const;
  latency.implement({
    description: 'Latency of predictions that were computed rather than cached.',
    fields: (t) => ({
      avgMs: t.exposeFloat('avgMs', milliseconds),
      p50Ms: t.exposeFloat('p50Ms', milliseconds),
      p95Ms: t.exposeFloat('p95Ms', milliseconds),
      p99Ms: t.exposeFloat('p99Ms', milliseconds),
    }),
  });

  const labelCount = builder.objectRef<{ label: string; count: number }>('LabelCount');
  labelCount.implement({
    description: 'Number of predictions of one label.',
    fields: (t) => ({
      label: t.exposeString('label', { description: 'The label.' }),
      count: t.expose('count', { type: 'SafeInt', description: 'Number of predictions.' }),
    }),
  });

  const outcomeComparison = builder.objectRef<OutcomeComparison>('OutcomeComparison');
  outcomeComparison.implement({
    description: `Accuracy compared with that of the serving version. Method: ${METHOD}`,
    fields: (t) => ({
      difference: t.exposeFloat('difference', {
        nullable: true,
        description: 'Accuracy minus that of the serving version; null until both have outcomes.',
      }),
      low: t.float({
        nullable: true,
        description: 'Lower bound of the difference.',
        resolve: ({ interval }) => interval?.low ?? null,
      }),
      high: t.float({
        nullable: true,
        description: 'Upper bound of the difference.',
        resolve: ({ interval }) => interval?.high ?? null,
      }),
      verdict: t.expose('verdict', { type: verdict, description: 'Verdict of the comparison.' }),
      moreOutcomesNeeded: t.expose('moreNeeded', {
        type: 'SafeInt',
        nullable: true,
        description:
          'Outcomes that each version still needs for a verdict if the difference stays as it is; ' +
          'null once there is a verdict, or if it cannot be predicted.',
      }),
    }),
  });

  const version = builder.objectRef<MeasuredVersion>('VersionComparison');
  version.implement({
    description: 'Statistics of one version on this replica since it was loaded.',
    fields: (t) => ({
      version: t.exposeString('version', { description: 'Name of the version.' }),
      serving: t.exposeBoolean('serving', {
        description: 'Whether it is the serving version, which the others are compared with.',
      }),
      trafficPercent: t.exposeFloat('trafficPercent', {
        description: 'Share of requests that name no version, in percent.',
      }),
      requests: t.expose('requests', {
        type: 'SafeInt',
        description:
          'Requests other than invalid ones, counted while more than one version is loaded.',
      }),
      errors: t.expose('errors', { type: 'SafeInt', description: 'Failed requests.' }),
      errorRate: t.exposeFloat('errorRate', {
        nullable: true,
        description: 'Failed requests per request, 0 to 1.',
      }),
      latency: t.field({
        type: latency,
        description: 'Latency of predictions.',
        resolve: (parent) => parent.latency,
      }),
      predictions: t.field({
        type: [labelCount],
        description: 'Predicted labels, most frequent first.',
        args: {
          top: t.arg.int({
            defaultValue: 10,
            description: 'Number of labels, 1 to 1000.',
            validate: { min: 1, max: 1000 },
          }),
        },
        resolve: ({ predictions }, { top }) => predictions.slice(0, top ?? 10),
      }),
      otherPredictions: t.expose('otherPredictions', {
        type: 'SafeInt',
        description: 'Predictions of labels beyond the 1000 that are counted individually.',
      }),
      meanConfidence: t.exposeFloat('meanConfidence', {
        nullable: true,
        description: 'Mean confidence, 0 to 1; null if the model has none.',
      }),
      agreement: t.field({
        type: rate,
        description:
          'As a shadow version: predictions that agreed with the version that answered (equal ' +
          'labels, numbers within 1 percent, vectors with a cosine similarity of at least 0.99).',
        resolve: (parent) => parent.agreement,
      }),
      shadowDropped: t.expose('shadowDropped', {
        type: 'SafeInt',
        description: 'Shadow runs skipped because the version was busy.',
      }),
      shadowFailed: t.expose('shadowFailed', {
        type: 'SafeInt',
        description: 'Failed shadow runs.',
      }),
      outcomes: t.field({
        type: rate,
        description:
          'Correct predictions among those with a reported outcome; the rate is the accuracy.',
        resolve: (parent) => parent.outcomes,
      }),
      metrics: t.field({
        type: metrics,
        description: 'Metrics of the version on this replica, also while no other is loaded.',
        resolve: (parent) => parent.metrics,
      }),
      comparedToServing: t.field({
        type: outcomeComparison,
        nullable: true,
        description:
          'Accuracy compared with the serving version; null for the serving version itself.',
        resolve: (parent) => parent.comparedToServing,
      }),
    }),
  });

  const comparison = builder.objectRef<MeasuredComparison>('ModelComparison');
  comparison.implement({
    description: 'Comparison of the versions of a model.',
    fields: (t) => ({
      model: t.exposeString('model', { description: 'Name of the model.' }),
      servingVersion: t.exposeString('servingVersion', {
        nullable: true,
        description: 'Version that the others are compared with.',
      }),
      method: t.exposeString('method', { description: 'Statistical method of the comparison.' }),
      versions: t.field({
        type: [version],
        description: 'All loaded versions.',
        resolve: ({ versions }) => [...versions],
      }),
    }),
  });

  const report = builder.objectRef<OutcomeReport>('OutcomeReport');
  report.implement({
    description: 'Result of reporting an outcome.',
    fields: (t) => ({
      predictionId: t.exposeID('predictionId', { description: 'ID of the prediction.' }),
      model: t.exposeString('model', {
        description: 'Name of the model that made the prediction.',
      }),
      version: t.exposeString('version', { description: 'Version that made the prediction.' }),
      correct: t.exposeBoolean('correct', { description: 'Whether the prediction was correct.' }),
      counted: t.exposeBoolean('counted', {
        description: 'Whether it was counted; only the first outcome of a prediction is.',
      }),
    }),
  });

  builder.objectField(model, 'comparison', (t) =>
    t.field({
      type: comparison,
      nullable: true,
      description: 'Comparison of its versions; null while none is loaded.',
      resolve: ({ name, versions }, _args, { services, call }) =>
        versions.some(({ state }) => state === 'ready')
          ? services.comparisons.comparison(call, name)
          : null,
    }),
  );
  builder.queryField('modelComparison', (t) =>
    t.field({
      type: comparison,
      description: `Comparison of the versions of a model. Method: ${METHOD}`,
      args: { model: t.arg.string({ required: true, description: 'Name of the model.' }) },
      resolve: (_root, args, { services, call }) =>
        services.comparisons.comparison(call, args.model),
    }),
  );
  builder.mutationField('reportOutcome', (t) =>
    t.field({
      type: report,
      description:
        'Reports the actual outcome of a prediction. The last 100,000 predictions whose `id` was ' +
        'selected are remembered for 24 hours, on the replica that made them.',
      args: {
        predictionId: t.arg.id({ required: true, description: 'The `id` of the prediction.' }),
        actual: t.arg({
          type: 'JSON',
          required: true,
          description:
            'The actual value: a label, a list of labels, or a number (a prediction within ' +
            '10 percent of it counts as correct).',
        }),
      },
      resolve: (_root, { predictionId, actual }, { services, call }) =>
        services.comparisons.reportOutcome(call, predictionId, actual),
    }),
  );
}
