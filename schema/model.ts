import type {
  BatchingStatus,
  InputColumn,
  ModelExample,
  ModelStatus,
  VersionState,
  VersionStatus,
} from '../src/services/model-status.ts';
import type { InputKind } from '../src/services/model-input.ts';
import type { TrafficShare } from '../src/services/traffic.ts';
import type { Signature } from '../src/tensor/tensor.ts';
import type { Builder } from './builder.ts';
import { costs } from './cost.ts';
import type { TensorRefs } from './tensor.ts';

type OutputKind = NonNullable<ModelStatus['outputKind']>;

/**
 * Defines models, and the queries `models` and `model`.
 *
 * @param served number of models that are listed, about
 */
export function defineModels(builder: Builder, { tensorSpec }: TensorRefs, served: number) {
  const state = builder.enumType('ModelState', {
    description: 'State of a model version.',
    values: {
      LOADING: { description: 'Being loaded.', value: 'loading' },
      WARMING: {
        description: 'Being warmed up with sample predictions.',
        value: 'warming',
      },
      READY: { description: 'Serving.', value: 'ready' },
      DRAINING: {
        description: 'Finishing its running predictions; takes no new ones.',
        value: 'draining',
      },
      UNLOADED: { description: 'In the repository but not in memory.', value: 'unloaded' },
      FAILED: { description: 'Failed to load; `reason` says why.', value: 'failed' },
    } satisfies Record<string, { description: string; value: VersionState }>,
  });
  const inputKind = builder.enumType('InputKind', {
    description: 'Kind of input that a model takes, which is the field of `ModelInput` to set.',
    values: {
      TEXT: { description: 'A string.', value: 'text' },
      FEATURES: { description: 'Column values by name.', value: 'features' },
      IMAGE: { description: 'An image file.', value: 'image' },
      TENSORS: { description: 'Named tensors.', value: 'tensors' },
    } satisfies Record<string, { description: string; value: InputKind }>,
  });
  const outputKind = builder.enumType('OutputKind', {
    description: 'Kind of prediction that a model makes.',
    values: {
      CLASSIFICATION: { description: 'One of several labels.', value: 'classification' },
      MULTI_LABEL: { description: 'Any number of labels.', value: 'multi-label' },
      REGRESSION: { description: 'A number, or several.', value: 'regression' },
      EMBEDDING: { description: 'A vector.', value: 'embedding' },
      TENSORS: { description: 'Raw tensors.', value: 'tensors' },
    } satisfies Record<string, { description: string; value: OutputKind }>,
  });

  const columnType = builder.enumType('ColumnType', {
    description: 'Type of the values of a column.',
    values: {
      NUMERIC: { description: 'Numbers.', value: 'numeric' },
      CATEGORICAL: { description: 'One of a set of values.', value: 'categorical' },
      STRING: { description: 'Strings.', value: 'string' },
      BOOLEAN: { description: 'true or false.', value: 'boolean' },
    } satisfies Record<string, { description: string; value: InputColumn['type'] }>,
  });

  const column = builder.objectRef<InputColumn>('InputColumn');
  column.implement({
    description: 'A column of a tabular model, which is a key of `features`.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the column.' }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'Meaning of the column.',
      }),
      type: t.expose('type', { type: columnType, description: 'Type of the values.' }),
      values: t.field({
        type: ['JSON'],
        nullable: true,
        description: 'Known values of a categorical column; null otherwise.',
        resolve: ({ values }) => (values ? [...values] : null),
      }),
      closed: t.boolean({
        description: 'Whether values other than the known ones are rejected.',
        resolve: ({ closed }) => closed ?? false,
      }),
      required: t.exposeBoolean('required', {
        description: 'Whether a value must be given.',
      }),
    }),
  });

  const signature = builder.objectRef<Signature>('Signature');
  signature.implement({
    description: 'Inputs and outputs of a model, as declared by its files.',
    fields: (t) => ({
      inputs: t.field({
        type: [tensorSpec],
        description: 'Input tensors.',
        resolve: ({ inputs }) => [...inputs],
      }),
      outputs: t.field({
        type: [tensorSpec],
        description: 'Output tensors.',
        resolve: ({ outputs }) => [...outputs],
      }),
    }),
  });

  const batching = builder.objectRef<BatchingStatus>('Batching');
  batching.implement({
    description: 'Whether inputs that come together are run together.',
    fields: (t) => ({
      enabled: t.exposeBoolean('enabled', { description: 'Whether they are.' }),
      reason: t.exposeString('reason', { description: 'Why, or why not.' }),
      verified: t.exposeBoolean('verified', {
        description:
          'Whether the server has shown on the model itself that answers are the same as alone.',
      }),
    }),
  });

  const version = builder.objectRef<VersionStatus & { readonly model: string }>('ModelVersion');
  version.implement({
    description: 'A version of a model.',
    fields: (t) => ({
      id: t.id({
        description: 'Identifier for client caches: name of the model and of the version.',
        resolve: ({ model, version }) => `${model}@${version}`,
      }),
      version: t.exposeString('version', { description: 'Name of the version.' }),
      state: t.expose('state', { type: state, description: 'State of the version.' }),
      reason: t.exposeString('reason', {
        nullable: true,
        description: 'Why it failed to load; null otherwise.',
      }),
      engine: t.string({
        nullable: true,
        description: 'Engine that runs it, such as tfjs or onnx.',
        resolve: ({ engine }) => engine,
      }),
      backend: t.exposeString('backend', {
        nullable: true,
        description: 'Backend of the engine, such as wasm or cpu; null until loaded.',
      }),
      loadMs: t.exposeFloat('loadMs', {
        nullable: true,
        description: 'Time taken to load and warm up, in milliseconds; null until loaded.',
      }),
      warmed: t.exposeBoolean('warmed', {
        nullable: true,
        description: 'Whether it has made a prediction before clients came; null until loaded.',
      }),
      batching: t.field({
        type: batching,
        nullable: true,
        description: 'How its inputs are batched; null until loaded.',
        resolve: (parent) => parent.batching,
      }),
      workers: t.exposeInt('workers', { description: 'Number of live workers.' }),
      signature: t.field({
        type: signature,
        nullable: true,
        description: 'Inputs and outputs; null until loaded.',
        resolve: (parent) => parent.signature,
      }),
    }),
  });

  const example = builder.objectRef<ModelExample>('ModelExample');
  example.implement({
    description: 'An example input of a model.',
    fields: (t) => ({
      input: t.field({
        type: 'JSONObject',
        description: 'The input, as a value of type `ModelInput`.',
        resolve: ({ input }) => ({ ...input }),
      }),
      prediction: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Expected prediction, if documented.',
        resolve: (parent) => parent.prediction ?? null,
      }),
    }),
  });

  const share = builder.objectRef<TrafficShare>('TrafficShare');
  share.implement({
    description: "A version's share of the requests that do not name a version.",
    fields: (t) => ({
      version: t.exposeString('version', { description: 'Name of the version.' }),
      percent: t.exposeFloat('percent', { description: 'Share in percent, 0 to 100.' }),
    }),
  });

  const model = builder.objectRef<ModelStatus>('Model');
  model.implement({
    description: 'A model in the repository.',
    fields: (t) => ({
      id: t.exposeID('name', { description: 'Identifier for client caches: its name.' }),
      name: t.exposeString('name', {
        description: 'Name of the model, which is the name of its folder.',
      }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'What the model does.',
      }),
      isDefault: t.exposeBoolean('isDefault', {
        description: 'Whether it answers requests that do not name a model.',
      }),
      state: t.expose('state', {
        type: state,
        description: 'State of the serving version, or of the newest if none is serving.',
      }),
      reason: t.exposeString('reason', {
        nullable: true,
        description: 'Why it cannot serve; null otherwise.',
      }),
      servingVersion: t.exposeString('servingVersion', {
        nullable: true,
        description: 'Version that answers requests that name none; null if none can.',
      }),
      warmed: t.exposeBoolean('warmed', {
        nullable: true,
        description:
          'Whether the serving version has made a prediction before clients came; null without one.',
      }),
      batching: t.field({
        type: batching,
        nullable: true,
        description: 'How inputs of the serving version are batched; null without one.',
        resolve: (parent) => parent.batching,
      }),
      inputKind: t.field({
        type: inputKind,
        nullable: true,
        description: 'Kind of input; null until loaded.',
        resolve: (parent) => parent.inputKind,
      }),
      outputKind: t.field({
        type: outputKind,
        nullable: true,
        description: 'Kind of prediction; null until loaded.',
        resolve: (parent) => parent.outputKind,
      }),
      labels: t.stringList({
        nullable: true,
        description: 'Labels in the order of the output; null if it has none.',
        resolve: ({ labels }) => (labels ? [...labels] : null),
      }),
      columns: t.field({
        type: [column],
        nullable: true,
        description: 'Columns of a tabular model; null otherwise.',
        resolve: ({ columns }) => (columns ? [...columns] : null),
      }),
      unit: t.exposeString('unit', {
        nullable: true,
        description: 'Unit of a regression, if declared.',
      }),
      versions: t.field({
        type: [version],
        description: 'All versions of the model.',
        resolve: ({ name, versions }) => versions.map((each) => ({ ...each, model: name })),
      }),
      versionLabels: t.field({
        type: 'JSONObject',
        description: 'Versions by version label.',
        resolve: (parent) => parent.versionLabels,
      }),
      traffic: t.field({
        type: [share],
        description:
          'Traffic split of requests that name no version; the rest goes to `servingVersion`.',
        resolve: ({ traffic }) => [...traffic],
      }),
      shadow: t.field({
        type: share,
        nullable: true,
        description:
          'Shadow version and the share of requests that it also runs; null if there is none.',
        resolve: (parent) => parent.shadow,
      }),
      examples: t.field({
        type: [example],
        description: 'Example inputs.',
        resolve: ({ examples }) => [...examples],
      }),
    }),
  });

  builder.queryFields((t) => ({
    models: t.field({
      type: [model],
      extensions: costs({ size: () => served, assumedSize: Math.max(1, served) }, {}),
      description: 'All models in alphabetical order, including those that failed to load.',
      resolve: (_root, _args, { services, call }) => [...services.models.list(call)],
    }),
    model: t.field({
      type: model,
      nullable: true,
      description: 'A model by name; null if there is none.',
      args: { name: t.arg.string({ required: true, description: 'Name of the model.' }) },
      resolve: (_root, { name }, { services, call }) => services.models.get(call, name) ?? null,
    }),
  }));

  return { model, modelState: state };
}

/** References to the model types. */
export type ModelRefs = ReturnType<typeof defineModels>;
