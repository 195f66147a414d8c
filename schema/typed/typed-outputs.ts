import type { GraphQLResolveInfo } from 'graphql';
import type { ModelStatus } from '../../src/services/model-status.ts';
import type { NamedTensor, Prediction, Score } from '../../src/services/prediction.ts';
import type { PredictOptions } from '../../src/services/services.ts';
import { pleasantNames } from '../../src/tensor/generated-names.ts';
import type { Builder } from '../builder.ts';
import { costs } from '../cost.ts';
import type { ModelRefs } from '../model.ts';
import { MODEL_DEPRECATED, type PredictionRefs, TOP_COST } from '../prediction.ts';
import { isSelected } from '../selection.ts';
import type { TensorRefs } from '../tensor.ts';
import { defineLabelEnum, type LabelEnum } from './labels.ts';
import { fieldName, uniqueNames } from './names.ts';

/** The object that a model's field answers with, and the outputs that a selection of it needs. */
export interface TypedOutput {
  readonly type: ReturnType<typeof objectRef>;
  /** The enum of its labels; `null` where labels stay strings, or there are none. */
  readonly label: LabelEnum;
  /** Which output tensors the selected fields need. */
  wanted(info: GraphQLResolveInfo): Pick<PredictOptions, 'allOutputs' | 'onlyOutputs'>;
}

/** Fields that every answer has; an output tensor of such a name is read through `outputs`. */
const COMMON_FIELDS = new Set([
  'id',
  'model',
  'modelName',
  'servedBy',
  'version',
  'cached',
  'latencyMs',
  'timings',
  'outputs',
]);

const objectRef = (builder: Builder, name: string) => builder.objectRef<Prediction>(name);

/** Defines the answer of a model: its label as an enum, its number, its vector or its tensors. */
export function defineTypedOutput(
  builder: Builder,
  base: string,
  model: ModelStatus,
  refs: TensorRefs & PredictionRefs & ModelRefs,
): TypedOutput {
  const type = objectRef(builder, `${base}Prediction`);
  const tensorFields = model.outputKind === 'tensors' ? rawOutputs(model) : [];
  type.implement({
    description: `A prediction of the model "${model.name}".`,
    fields: (t) => ({
      id: t.exposeID('id', {
        description: 'Unique identifier of this prediction, to report its outcome.',
      }),
      modelName: t.exposeString('model', { description: 'Name of the model.' }),
      model: t.exposeString('model', {
        description: 'Name of the model.',
        deprecationReason: MODEL_DEPRECATED,
      }),
      servedBy: t.field({
        type: refs.model,
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
        type: refs.timings,
        description: 'Breakdown of the latency.',
        resolve: (parent) => parent.timings,
      }),
      outputs: t.field({
        type: [refs.tensor],
        description: 'All output tensors of the model.',
        resolve: (parent) => parent.outputs,
      }),
    }),
  });
  const label = addAnswer(builder, base, model, type);
  for (const { field, name, about } of tensorFields) {
    builder.objectField(type, field, (t) =>
      t.field({
        type: refs.tensor,
        description: about,
        resolve: (parent) => outputOf(parent, name),
      }),
    );
  }
  return {
    type,
    label,
    wanted(info) {
      if (isSelected(info, 'outputs')) return { allOutputs: true };
      if (tensorFields.length === 0) return {};
      const selected = tensorFields.filter(({ field }) => isSelected(info, field));
      return {
        onlyOutputs: (selected.length > 0 ? selected : tensorFields).map(({ name }) => name),
      };
    },
  };
}

/**
 * The fields that say what the model says, by its kind of output.
 *
 * @returns the enum of its labels
 */
function addAnswer(
  builder: Builder,
  base: string,
  model: ModelStatus,
  type: TypedOutput['type'],
): LabelEnum {
  switch (model.outputKind) {
    case 'classification':
    case 'multi-label': {
      const labelEnum = defineLabelEnum(
        builder,
        `${base}Label`,
        model.labels ?? [],
        `Labels of the model "${model.name}".`,
      );
      const label = labelEnum ?? 'String';
      const score = builder.objectRef<Score>(`${base}Score`);
      score.implement({
        description: `A label of the model "${model.name}" and its probability.`,
        fields: (t) => ({
          label: t.field({ type: label, description: 'The label.', resolve: (s) => s.label }),
          score: t.exposeFloat('score', { description: 'Probability from 0 to 1.' }),
        }),
      });
      builder.objectFields(type, (t) => ({
        ...(model.outputKind === 'classification'
          ? {
              label: t.field({
                type: label,
                description: 'The most likely label.',
                resolve: (parent) => parent.prediction as string,
              }),
            }
          : {
              labels: t.field({
                type: [label],
                description: 'Labels above the threshold, most likely first.',
                resolve: (parent) => parent.prediction as string[],
              }),
            }),
        confidence: t.float({
          nullable: true,
          description: 'Probability of the most likely label, from 0 to 1.',
          resolve: (parent) => parent.confidence,
        }),
        scores: t.field({
          type: [score],
          description: 'The most likely labels, best first.',
          extensions: costs(TOP_COST, {}),
          args: {
            top: t.arg.int({
              required: true,
              defaultValue: 5,
              description: 'Number of labels, at least 1.',
              validate: { min: 1, max: 100_000 },
            }),
          },
          resolve: (parent, { top }) => parent.scores(top) ?? [],
        }),
      }));
      return labelEnum;
    }
    case 'regression':
      builder.objectFields(type, (t) => ({
        value: t.float({
          nullable: true,
          description: `The predicted number${model.unit === null ? '' : `, in ${model.unit}`}; null if the model predicts several.`,
          resolve: ({ prediction }) => (typeof prediction === 'number' ? prediction : null),
        }),
        values: t.floatList({
          description: 'All predicted numbers.',
          resolve: ({ prediction }) =>
            typeof prediction === 'number' ? [prediction] : (prediction as number[]),
        }),
        unit: t.string({
          nullable: true,
          description: 'Unit of the numbers, if declared.',
          resolve: () => model.unit,
        }),
      }));
      return null;
    case 'embedding':
      builder.objectField(type, 'vector', (t) =>
        t.floatList({
          description: 'The embedding.',
          resolve: ({ prediction }) => prediction as number[],
        }),
      );
      return null;
    case 'tensors':
    case null:
      return null;
  }
}

function rawOutputs({ versions, servingVersion }: ModelStatus) {
  const serving = versions.find(({ version }) => version === servingVersion);
  const specs = serving?.signature?.outputs ?? [];
  const names = uniqueNames(
    pleasantNames(
      specs.map(({ name }) => name),
      'output',
    ),
    fieldName,
  );
  if (!names) return [];
  return specs.flatMap(({ name, datatype, shape }, i) => {
    const field = names[i];
    if (field === undefined || COMMON_FIELDS.has(field)) return [];
    const dimensions = shape.map((size) => size ?? '?').join(', ');
    return [{ field, name, about: `Output "${name}": ${datatype} [${dimensions}].` }];
  });
}

function outputOf(prediction: Prediction, name: string): NamedTensor {
  const tensor = prediction.outputs.find((output) => output.name === name);
  if (!tensor) throw new Error(`output "${name}" was not computed`);
  return tensor;
}
