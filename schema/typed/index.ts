import type { ModelStatus } from '../../src/services/model-status.ts';
import type { Builder } from '../builder.ts';
import type { InputRefs } from '../input.ts';
import { costs } from '../cost.ts';
import { SEMANTIC_NON_NULL } from '../directives.ts';
import type { ModelRefs } from '../model.ts';
import { ASSIGNMENT_KEY, toOptions, type PredictArguments, VERSION_ARGUMENT } from '../predict.ts';
import type { PredictionRefs } from '../prediction.ts';
import type { TensorRefs } from '../tensor.ts';
import { fieldName, typeName } from './names.ts';
import { typedInput, type ArgumentSpec } from './typed-inputs.ts';
import { defineTypedOutput, type TypedOutput } from './typed-outputs.ts';

/** Fields of Query and types of the schema that models must not take the names of. */
const TAKEN_FIELDS = ['health', 'metrics', 'models', 'model', 'modelComparison', 'drift', 'usage'];

/** A model that has a typed field. */
export interface TypedModel {
  readonly status: ModelStatus;
  /** Name of its field under Query. */
  readonly field: string;
  readonly output: TypedOutput;
}
const TAKEN_TYPES = ['', 'Batch', 'Model', 'Tensor', 'Typed'];

/**
 * Defines one field of Query for each model that is ready, with arguments typed by its input and an
 * object typed by its output. Under Query, aliased fields run concurrently and so as one batch. A
 * name that is taken gets `Model` (then `Model2` …) behind it; models come in alphabetical order.
 *
 * @param isVisible models that are not visible keep their names, so that others have the same ones
 */
export function defineTypedModels(
  builder: Builder,
  models: readonly ModelStatus[],
  refs: TensorRefs & PredictionRefs & InputRefs & ModelRefs,
  isVisible: (name: string) => boolean,
): TypedModel[] {
  const typed: TypedModel[] = [];
  const fields = new Set(TAKEN_FIELDS);
  const types = new Set(TAKEN_TYPES);
  const tensorValue = lazily(() => defineTensorValue(builder));
  for (const model of models) {
    if (model.servingVersion === null) continue;
    const wantedField = fieldName(model.name);
    const wantedType = typeName(model.name);
    if (wantedField === null || wantedType === null) continue;
    const suffix = freeSuffix(wantedField, wantedType, fields, types);
    const base = wantedType + suffix;
    const input = typedInput(builder, base, model, tensorValue);
    const isHidden = !isVisible(model.name);
    // Columns that share a GraphQL name leave the model to `predict`, which takes any name.
    if (!input) continue;
    fields.add(wantedField + suffix);
    types.add(base);
    if (isHidden) continue;
    const output = defineTypedOutput(builder, base, model, refs);
    const field = wantedField + suffix;
    typed.push({ status: model, field, output });
    builder.queryField(field, (t) =>
      t.field({
        type: output.type,
        // A failed field leaves its neighbours their answers: aliases are how one batches.
        nullable: true,
        extensions: costs({ model: model.name }, SEMANTIC_NON_NULL),
        description: model.description ?? `Makes a prediction with the model "${model.name}".`,
        args: {
          ...mapArguments(input.args, (spec) =>
            t.arg({
              type: spec.type as 'String',
              required: spec.required,
              description: spec.description,
            }),
          ),
          version: t.arg.string({ description: VERSION_ARGUMENT }),
          assignmentKey: t.arg.string({ description: ASSIGNMENT_KEY }),
          options: t.arg({
            type: refs.predictOptions,
            description: 'Options of the request.',
          }),
        },
        resolve: (_root, args, context, info) => {
          const given = args as Readonly<Record<string, unknown>> & PredictArguments;
          return context.services.predictions.predict(context.call, {
            ...toOptions({ ...given, model: model.name }, false),
            ...output.wanted(info),
            input: input.toInput(given),
          });
        },
      }),
    );
  }
  const fieldsByModel = new Map(typed.map(({ status, field }) => [status.name, field]));
  builder.objectField(refs.model, 'queryField', (t) =>
    t.string({
      nullable: true,
      description: "Name of the model's typed field under Query; null if it has none.",
      resolve: ({ name }) => fieldsByModel.get(name) ?? null,
    }),
  );
  return typed;
}

/** An input tensor whose name and datatype the signature already tells. */
function defineTensorValue(builder: Builder): object {
  return builder.inputType('TensorValue', {
    description:
      'An input tensor of a typed field; its name and data type follow from the signature.',
    fields: (t) => ({
      shape: t.intList({
        required: true,
        description: 'Size of each dimension, outermost first: at most 16, each at least 0.',
        validate: { items: { type: 'number', min: 0 }, maxLength: 16 },
      }),
      data: t.field({
        type: 'TensorData',
        required: true,
        description: 'Elements in row-major order, as a flat or nested array.',
        validate: { refine: [Array.isArray, { message: 'expected an array of elements' }] },
      }),
    }),
  });
}

function freeSuffix(
  field: string,
  type: string,
  fields: ReadonlySet<string>,
  types: ReadonlySet<string>,
): string {
  for (let n = 0; ; n++) {
    const suffix = n === 0 ? '' : n === 1 ? 'Model' : `Model${n}`;
    if (!fields.has(field + suffix) && !types.has(type + suffix)) return suffix;
  }
}

function mapArguments<T>(
  args: Readonly<Record<string, ArgumentSpec>>,
  map: (spec: ArgumentSpec) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(args).map(([name, spec]) => [name, map(spec)]));
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
