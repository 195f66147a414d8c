import type { BatchPrediction } from '../src/services/services.ts';
import type { Prediction, Score, Timings } from '../src/services/prediction.ts';
import { type ErrorCode, ERRORS, ServiceError } from '../src/errors.ts';
import type { Builder } from './builder.ts';
import type { TensorRefs } from './tensor.ts';

/** An error as a value: GraphQL takes every `Error` in a result for one that was thrown. */
interface FailedRow {
  readonly failure: ServiceError;
}

type Row = Prediction | FailedRow;

/** Labels that `scores` gives where nothing else is asked for. */
export const DEFAULT_TOP = 5;

/** Most labels that `scores` gives. */
const MAX_TOP = 100_000;

/** Defines what a prediction answers. */
export function definePredictions(builder: Builder, { tensor }: TensorRefs) {
  const score = builder.objectRef<Score>('Score');
  score.implement({
    description: 'A label and how much the model believes in it.',
    fields: (t) => ({
      label: t.exposeString('label', { description: 'Name of the class.' }),
      score: t.exposeFloat('score', { description: 'Probability from 0 to 1.' }),
    }),
  });

  const timings = builder.objectRef<Timings>('Timings');
  timings.implement({
    description: 'Where the time of one prediction went, in milliseconds.',
    fields: (t) => ({
      encodeMs: t.exposeFloat('encodeMs', { description: 'Turning the input into tensors.' }),
      cacheMs: t.exposeFloat('cacheMs', { description: 'Looking in the cache.' }),
      queueMs: t.exposeFloat('queueMs', { description: 'Waiting for a worker; 0 when cached.' }),
      inferenceMs: t.exposeFloat('inferenceMs', {
        description: 'Running the batch in the engine; 0 when cached.',
      }),
    }),
  });

  const prediction = builder.objectRef<Prediction>('Prediction');
  prediction.implement({
    description: 'One answer of a model. What is not selected is not computed.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Unique name of this answer.' }),
      prediction: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'The answer in the terms of the model: the label of a classification, the labels of a ' +
          'multi-label one, the number of a regression, the vector of an embedding, the data of ' +
          'a lone tensor.',
        resolve: (parent) => parent.prediction,
      }),
      confidence: t.float({
        nullable: true,
        description:
          'Probability of the prediction, from 0 to 1; null where the kind of output has none.',
        resolve: (parent) => parent.confidence,
      }),
      scores: t.field({
        type: [score],
        nullable: true,
        description: 'The likeliest labels, best first; null where the output has no labels.',
        args: {
          top: t.arg.int({
            defaultValue: DEFAULT_TOP,
            description: 'How many labels, 1 or more.',
            validate: { min: 1, max: MAX_TOP },
          }),
        },
        resolve: (parent, { top }) => parent.scores(top ?? DEFAULT_TOP),
      }),
      outputs: t.field({
        type: [tensor],
        description: 'All output tensors of the model, raw.',
        resolve: (parent) => parent.outputs,
      }),
      model: t.exposeString('model', { description: 'Name of the model that answered.' }),
      version: t.exposeString('version', { description: 'Version of the model that answered.' }),
      cached: t.exposeBoolean('cached', { description: 'Whether the answer came from the cache.' }),
      latencyMs: t.exposeFloat('latencyMs', {
        description: 'Time from the call to the answer inside the server, in milliseconds.',
      }),
      timings: t.field({
        type: timings,
        description: 'Where that time went.',
        resolve: (parent) => parent.timings,
      }),
    }),
  });

  const errorCode = builder.enumType('ErrorCode', {
    description: 'Codes of errors; the same as in `extensions.code` and on REST.',
    values: Object.fromEntries(
      Object.entries(ERRORS).map(([code, { summary }]) => [
        code,
        { description: summary, value: code },
      ]),
    ) as Record<ErrorCode, { description: string; value: ErrorCode }>,
  });

  const predictionError = builder.objectRef<FailedRow>('PredictionError');
  predictionError.implement({
    description: 'Why one input of a batch has no prediction.',
    fields: (t) => ({
      code: t.field({
        type: errorCode,
        description: 'What kind of error.',
        resolve: ({ failure }) => failure.code,
      }),
      message: t.string({
        description: 'What was wrong and what is allowed.',
        resolve: ({ failure }) => failure.message,
      }),
      details: t.field({
        type: 'JSONObject',
        nullable: true,
        description: 'Further facts, such as the offending column.',
        resolve: ({ failure }) => failure.details ?? null,
      }),
    }),
  });

  const predictionResult = builder.unionType('PredictionResult', {
    description: 'The answer to one input of a batch.',
    types: [prediction, predictionError],
    resolveType: (value) => ('failure' in value ? predictionError : prediction),
  });

  const batchPrediction = builder.objectRef<BatchPrediction>('BatchPrediction');
  batchPrediction.implement({
    description: 'The answers to a batch.',
    fields: (t) => ({
      results: t.field({
        type: [predictionResult],
        description: 'In the order of the inputs; a bad input is an error in its own place.',
        resolve: ({ results }): Row[] =>
          results.map((row) => (row instanceof ServiceError ? { failure: row } : row)),
      }),
      latencyMs: t.exposeFloat('latencyMs', {
        description: 'Time from the call to the last answer inside the server, in milliseconds.',
      }),
    }),
  });

  return { prediction, batchPrediction, timings };
}

/** References to the prediction types. */
export type PredictionRefs = ReturnType<typeof definePredictions>;
