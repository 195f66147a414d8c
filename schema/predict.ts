import type { GraphQLResolveInfo } from 'graphql';
import type { ModelInput } from '../src/services/model-input.ts';
import type { CacheMode, PredictOptions, Priority } from '../src/services/services.ts';
import type { Builder } from './builder.ts';
import type { SchemaLimits } from './context.ts';
import { costs } from './cost.ts';
import type { InputRefs } from './input.ts';
import type { PredictionRefs } from './prediction.ts';
import { isSelected } from './selection.ts';

/** Arguments that every field which predicts has. */
export interface PredictArguments {
  readonly model?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly assignmentKey?: string | null | undefined;
  readonly options?:
    | {
        readonly timeoutMs?: number | null | undefined;
        readonly priority?: Priority | null | undefined;
        readonly cache?: CacheMode | null | undefined;
      }
    | null
    | undefined;
}

/** What the argument `assignmentKey` does, on every field that has it. */
export const ASSIGNMENT_KEY =
  'Key, such as a user or session ID, that always selects the same version while traffic is ' +
  'split. Defaults to the header X-Assignment-Key; without one, every request draws a version.';

/** What the argument `version` does, on every field that has it. */
export const VERSION_ARGUMENT =
  "Version of the model, or a version label. Defaults to the model's traffic split.";

/** Results of a batch that gateways assume: they cannot count the inputs. */
const ASSUMED_BATCH = 64;

/** Defines the mutations `predict` and `predictBatch`. */
export function definePredict(
  builder: Builder,
  { modelInput, predictOptions }: InputRefs,
  { prediction, batchPrediction }: PredictionRefs,
  limits: SchemaLimits,
): void {
  builder.mutationFields((t) => {
    const common = {
      model: t.arg.string({
        description: 'Name of the model. Defaults to the default model.',
        validate: { minLength: 1, maxLength: 256 },
      }),
      version: t.arg.string({
        description: VERSION_ARGUMENT,
        validate: { minLength: 1, maxLength: 256 },
      }),
      assignmentKey: t.arg.string({
        description: ASSIGNMENT_KEY,
        validate: { minLength: 1, maxLength: 1024 },
      }),
      options: t.arg({ type: predictOptions, description: 'Options of the request.' }),
    };
    return {
      predict: t.field({
        type: prediction,
        description: 'Makes one prediction.',
        extensions: costs({ anyModel: true }, {}),
        args: {
          input: t.arg({
            type: modelInput,
            required: true,
            description: 'Input of the prediction.',
          }),
          ...common,
        },
        resolve: (_root, args, context, info) => {
          const options = toOptions(args, isSelected(info, 'outputs'));
          const input = args.input as ModelInput;
          // Added to the options: a spread would copy each of them.
          return context.services.predictions.predict(
            context.call,
            Object.assign(options, { input }),
          );
        },
      }),
      predictBatch: t.field({
        type: batchPrediction,
        description: 'Makes many predictions with one model.',
        extensions: costs(
          {
            anyModel: true,
            rows: ({ inputs }) => (inputs as readonly unknown[]).length,
            sizedField: 'results',
            assumedSize: ASSUMED_BATCH,
          },
          {},
        ),
        args: {
          inputs: t.arg({
            type: [modelInput],
            required: true,
            description: `Inputs, 1 to ${limits.maxBatchInputs}.`,
            validate: {
              minLength: [1, { message: 'expected at least one input' }],
              maxLength: [
                limits.maxBatchInputs,
                { message: `expected at most ${limits.maxBatchInputs} inputs` },
              ],
            },
          }),
          ...common,
        },
        resolve: (_root, args, context, info) =>
          context.services.predictions.predictBatch(context.call, {
            inputs: args.inputs,
            ...toOptions(args, selectsOutputsOfBatch(info)),
          }),
      }),
    };
  });
}

function selectsOutputsOfBatch(info: GraphQLResolveInfo): boolean {
  return isSelected(info, 'results', 'outputs');
}

/** Arguments as options of the prediction service. */
export function toOptions(
  { model, version, assignmentKey, options }: PredictArguments,
  allOutputs: boolean,
): PredictOptions {
  return {
    model: model ?? undefined,
    version: version ?? undefined,
    assignmentKey: assignmentKey ?? undefined,
    timeoutMs: options?.timeoutMs ?? undefined,
    priority: options?.priority ?? undefined,
    cache: options?.cache ?? undefined,
    allOutputs,
  };
}
