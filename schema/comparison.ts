import type {
  LatencyFigures,
  ModelComparison,
  OutcomeComparison,
  Rate,
  Verdict,
  VersionComparison,
} from '../src/services/comparison.ts';
import type { OutcomeReport } from '../src/services/services.ts';
import type { Builder } from './builder.ts';
import type { ModelRefs } from './model.ts';

const METHOD =
  "Robbins' normal mixture confidence sequence for bounded means, 95 %: it holds at all times at " +
  'once, so that looking again and again makes no false verdict likelier.';

/** Defines the comparison of versions, and the mutation `reportOutcome`. */
export function defineComparisons(builder: Builder, { model }: ModelRefs): void {
  const verdict = builder.enumType('Verdict', {
    description: 'How a version does beside the serving one, by outcomes.',
    values: {
      BETTER: { description: 'Its accuracy is higher, beyond the doubt of the interval.' },
      WORSE: { description: 'Its accuracy is lower, beyond the doubt of the interval.' },
      NOT_YET_KNOWN: { description: 'The outcomes so far do not tell.' },
    } satisfies Record<Verdict, { description: string }>,
  });

  const rate = builder.objectRef<Rate>('SuccessRate');
  rate.implement({
    description: 'How many of how many.',
    fields: (t) => ({
      count: t.exposeFloat('count', { description: 'All of them; a whole number.' }),
      successes: t.exposeFloat('successes', { description: 'Those that did; a whole number.' }),
      rate: t.exposeFloat('rate', {
        nullable: true,
        description: '0 to 1; null before the first.',
      }),
    }),
  });

  const latency = builder.objectRef<LatencyFigures>('LatencyFigures');
  const milliseconds = {
    nullable: true,
    description: 'In milliseconds; null before the first.',
  } as const;
  latency.implement({
    description: 'Latency of answers that were computed, not taken from the cache.',
    fields: (t) => ({
      avgMs: t.exposeFloat('avgMs', milliseconds),
      p50Ms: t.exposeFloat('p50Ms', milliseconds),
      p95Ms: t.exposeFloat('p95Ms', milliseconds),
      p99Ms: t.exposeFloat('p99Ms', milliseconds),
    }),
  });

  const labelCount = builder.objectRef<{ label: string; count: number }>('LabelCount');
  labelCount.implement({
    description: 'How often a label was predicted.',
    fields: (t) => ({
      label: t.exposeString('label', { description: 'The label.' }),
      count: t.exposeFloat('count', { description: 'Predictions; a whole number.' }),
    }),
  });

  const outcomeComparison = builder.objectRef<OutcomeComparison>('OutcomeComparison');
  outcomeComparison.implement({
    description: `Accuracy beside that of the serving version. Method: ${METHOD}`,
    fields: (t) => ({
      difference: t.exposeFloat('difference', {
        nullable: true,
        description: 'Accuracy less that of the serving version; null before both have outcomes.',
      }),
      low: t.float({
        nullable: true,
        description: 'Least difference that the outcomes allow.',
        resolve: ({ interval }) => interval?.low ?? null,
      }),
      high: t.float({
        nullable: true,
        description: 'Greatest difference that the outcomes allow.',
        resolve: ({ interval }) => interval?.high ?? null,
      }),
      verdict: t.expose('verdict', { type: verdict, description: 'What that says.' }),
      moreOutcomesNeeded: t.exposeFloat('moreNeeded', {
        nullable: true,
        description:
          'Outcomes that each of both versions still needs for a verdict if the difference stays ' +
          'as it is; null when the verdict is there, or cannot be foreseen.',
      }),
    }),
  });

  const version = builder.objectRef<VersionComparison>('VersionComparison');
  version.implement({
    description: 'How one version does, on this replica, since it was loaded.',
    fields: (t) => ({
      version: t.exposeString('version', { description: 'Name of the version.' }),
      serving: t.exposeBoolean('serving', { description: 'Whether the others compare with it.' }),
      trafficPercent: t.exposeFloat('trafficPercent', {
        description: 'Percent of the requests that name no version.',
      }),
      requests: t.exposeFloat('requests', {
        description:
          'Requests, without those that the client got wrong, counted while there is more than ' +
          'one version in memory.',
      }),
      errors: t.exposeFloat('errors', { description: 'Those of them that failed.' }),
      errorRate: t.exposeFloat('errorRate', {
        nullable: true,
        description: 'Their share, 0 to 1.',
      }),
      latency: t.field({
        type: latency,
        description: 'How long answers took.',
        resolve: (parent) => parent.latency,
      }),
      predictions: t.field({
        type: [labelCount],
        description: 'What was predicted, the most frequent label first.',
        args: {
          top: t.arg.int({
            defaultValue: 10,
            description: 'How many labels, 1 to 1000.',
            validate: { min: 1, max: 1000 },
          }),
        },
        resolve: ({ predictions }, { top }) => predictions.slice(0, top ?? 10),
      }),
      otherPredictions: t.exposeFloat('otherPredictions', {
        description: 'Predictions of labels beyond the 1000 that are counted one by one.',
      }),
      meanConfidence: t.exposeFloat('meanConfidence', {
        nullable: true,
        description: 'Mean confidence, 0 to 1; null where the model has none.',
      }),
      agreement: t.field({
        type: rate,
        description:
          'As a shadow: answers that were those of the answering version (equal labels; numbers ' +
          'within 1 percent; vectors of a cosine similarity of 0.99).',
        resolve: (parent) => parent.agreement,
      }),
      shadowDropped: t.exposeFloat('shadowDropped', {
        description: 'Shadow runs that were left out since the version was busy.',
      }),
      shadowFailed: t.exposeFloat('shadowFailed', { description: 'Shadow runs that failed.' }),
      outcomes: t.field({
        type: rate,
        description: 'Predictions with a reported outcome that were right; the rate is accuracy.',
        resolve: (parent) => parent.outcomes,
      }),
      comparedToServing: t.field({
        type: outcomeComparison,
        nullable: true,
        description: 'Accuracy beside that of the serving version; null for that itself.',
        resolve: (parent) => parent.comparedToServing,
      }),
    }),
  });

  const comparison = builder.objectRef<ModelComparison>('ModelComparison');
  comparison.implement({
    description: 'How the versions of a model do beside each other.',
    fields: (t) => ({
      model: t.exposeString('model', { description: 'Name of the model.' }),
      servingVersion: t.exposeString('servingVersion', {
        nullable: true,
        description: 'Version that the others are compared with.',
      }),
      method: t.exposeString('method', { description: 'How outcomes are compared.' }),
      versions: t.field({
        type: [version],
        description: 'All versions in memory.',
        resolve: ({ versions }) => [...versions],
      }),
    }),
  });

  const report = builder.objectRef<OutcomeReport>('OutcomeReport');
  report.implement({
    description: 'What became of a reported outcome.',
    fields: (t) => ({
      predictionId: t.exposeID('predictionId', { description: 'The prediction.' }),
      model: t.exposeString('model', { description: 'Model that had predicted.' }),
      version: t.exposeString('version', { description: 'Version that had predicted.' }),
      correct: t.exposeBoolean('correct', { description: 'Whether the prediction was right.' }),
      counted: t.exposeBoolean('counted', {
        description: 'Whether it counts: an outcome counts once for each prediction.',
      }),
    }),
  });

  builder.objectField(model, 'comparison', (t) =>
    t.field({
      type: comparison,
      nullable: true,
      description: 'How its versions do beside each other; null while none is in memory.',
      resolve: ({ name, versions }, _args, { services, call }) =>
        versions.some(({ state }) => state === 'ready')
          ? services.comparisons.comparison(call, name)
          : null,
    }),
  );
  builder.queryField('modelComparison', (t) =>
    t.field({
      type: comparison,
      description: `How the versions of a model do beside each other. Method: ${METHOD}`,
      args: { model: t.arg.string({ required: true, description: 'Name of the model.' }) },
      resolve: (_root, args, { services, call }) =>
        services.comparisons.comparison(call, args.model),
    }),
  );
  builder.mutationField('reportOutcome', (t) =>
    t.field({
      type: report,
      description:
        'Tells what turned out to be right. Predictions whose `id` was selected are remembered ' +
        'for 24 hours (the last 100,000), on the replica that answered.',
      args: {
        predictionId: t.arg.id({ required: true, description: 'The `id` of the prediction.' }),
        actual: t.arg({
          type: 'JSON',
          required: true,
          description:
            'What was right: a label, a list of labels, or a number, which counts as predicted ' +
            'within 10 percent.',
        }),
      },
      resolve: (_root, { predictionId, actual }, { services, call }) =>
        services.comparisons.reportOutcome(call, predictionId, actual),
    }),
  );
}
