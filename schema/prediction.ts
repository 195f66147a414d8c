import type { BatchPrediction } from '../src/services/services.ts';
import type { Prediction, Score, Timings } from '../src/services/prediction.ts';
import { ServiceError } from '../src/errors.ts';
import type { Builder } from './builder.ts';
import { costs, type FieldCost } from './cost.ts';
import type { ErrorRefs } from './error.ts';
import type { ModelRefs } from './model.ts';
import type { TensorRefs } from './tensor.ts';

/** An error as a value: GraphQL takes every `Error` in a result for one that was thrown. */
interface FailedRow {
  readonly failure: ServiceError;
}

type Row = Prediction | FailedRow;

/** Labels that `scores` gives where nothing else is asked for. */
export const DEFAULT_TOP = 5;

/** Cost of as many items as the argument `top` asks for. */
export const TOP_COST: FieldCost = {
  size: ({ top }) => Number(top ?? DEFAULT_TOP),
  slicingArguments: ['top'],
  assumedSize: DEFAULT_TOP,
};

/** Most labels that `scores` gives. */
const MAX_TOP = 100_000;

/** Why the name of a model, as a string, will make room for the model itself. */
export const MODEL_DEPRECATED =
  'Use modelName. From 1 June 2027 on, `model` may change its type from String to Model; until ' +
  'then the Model is at `servedBy`.';

/** Defines what a prediction answers. */
export function definePredictions(
  builder: Builder,
  { tensor, errorCode, model }: TensorRefs & ErrorRefs & ModelRefs,
) {
  const score = builder.objectRef<Score>('Score');
  score.implement({
    description: 'A label and its score.',
    fields: (t) => ({
      label: t.exposeString('label', { description: 'Name of the class.' }),
      score: t.exposeFloat('score', { description: 'Probability from 0 to 1.' }),
    }),
  });

  const timings = builder.objectRef<Timings>('Timings');
  timings.implement({
    description: 'Breakdown of the latency of one prediction, in milliseconds.',
    fields: (t) => ({
      encodeMs: t.exposeFloat('encodeMs', {
        description: 'Time spent encoding the input into tensors.',
      }),
      cacheMs: t.exposeFloat('cacheMs', { description: 'Time spent looking in the cache.' }),
      queueMs: t.exposeFloat('queueMs', {
        description: 'Time spent waiting for a worker; 0 if cached.',
      }),
      inferenceMs: t.exposeFloat('inferenceMs', {
        description: 'Time the engine took to run the batch; 0 if cached.',
      }),
    }),
  });

  const prediction = builder.objectRef<Prediction>('Prediction');
  prediction.implement({
    description: 'A prediction of a model. Only selected fields are computed.',
    fields: (t) => ({
      id: t.exposeID('id', {
        description: 'Unique identifier of this prediction, to report its outcome.',
      }),
      prediction: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'The predicted value: the label of a classification, the labels of a multi-label ' +
          'classification, the number of a regression, the vector of an embedding, or the data ' +
          'of the only output tensor.',
        resolve: (parent) => parent.prediction,
      }),
      confidence: t.float({
        nullable: true,
        description:
          'Probability of the predicted label, from 0 to 1; null if the output kind has none.',
        resolve: (parent) => parent.confidence,
      }),
      scores: t.field({
        type: [score],
        nullable: true,
        description: 'The most likely labels, best first; null if the output kind has no labels.',
        extensions: costs(TOP_COST, {}),
        args: {
          top: t.arg.int({
            defaultValue: DEFAULT_TOP,
            description: 'Number of labels, at least 1.',
            validate: { min: 1, max: MAX_TOP },
          }),
        },
        resolve: (parent, { top }) => parent.scores(top ?? DEFAULT_TOP),
      }),
      outputs: t.field({
        type: [tensor],
        description: 'All output tensors of the model.',
        resolve: (parent) => parent.outputs,
      }),
      modelName: t.exposeString('model', { description: 'Name of the model.' }),
      model: t.exposeString('model', {
        description: 'Name of the model.',
        deprecationReason: MODEL_DEPRECATED,
      }),
      servedBy: t.field({
        type: model,
        nullable: true,
        description: 'The model; null if it has been removed since.',
        resolve: (parent, _args, { services, call }) =>
          services.models.get(call, parent.model) ?? null,
      }),
      version: t.exposeString('version', { description: 'Version of the model.' }),
      cached: t.exposeBoolean('cached', {
        description: 'Whether the prediction came from the cache.',
      }),
      latencyMs: t.exposeFloat('latencyMs', {
        description: 'Time from the request to the prediction within the server, in milliseconds.',
      }),
      timings: t.field({
        type: timings,
        description: 'Breakdown of the latency.',
        resolve: (parent) => parent.timings,
      }),
    }),
  });

  const predictionError = builder.objectRef<FailedRow>('PredictionError');
  predictionError.implement({
    description: 'The error of one input of a batch.',
    fields: (t) => ({
      code: t.field({
        type: errorCode,
        description: 'Error code.',
        resolve: ({ failure }) => failure.code,
      }),
      message: t.string({
        description: 'What was wrong and what is allowed.',
        resolve: ({ failure }) => failure.message,
      }),
      details: t.field({
        type: 'JSONObject',
        nullable: true,
        description: 'Further details, such as the invalid column.',
        resolve: ({ failure }) => failure.details ?? null,
      }),
    }),
  });

  const predictionResult = builder.unionType('PredictionResult', {
    description: 'Result for one input of a batch.',
    types: [prediction, predictionError],
    resolveType: (value) => ('failure' in value ? predictionError : prediction),
  });

  const batchPrediction = builder.objectRef<BatchPrediction>('BatchPrediction');
  batchPrediction.implement({
    description: 'Results of a batch.',
    fields: (t) => ({
      results: t.field({
        type: [predictionResult],
        description:
          'One result per input, in the same order; an invalid input yields a PredictionError.',
        resolve: ({ results }): Row[] =>
          results.map((row) => (row instanceof ServiceError ? { failure: row } : row)),
      }),
      latencyMs: t.exposeFloat('latencyMs', {
        description: 'Time from the request to the last result within the server, in milliseconds.',
      }),
    }),
  });

  return { prediction, batchPrediction, timings };
}

/** References to the prediction types. */
export type PredictionRefs = ReturnType<typeof definePredictions>;
