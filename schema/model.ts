import type {
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
import type { TensorRefs } from './tensor.ts';

type OutputKind = NonNullable<ModelStatus['outputKind']>;

/** Defines models, and the queries `models` and `model`. */
export function defineModels(builder: Builder, { tensorSpec }: TensorRefs) {
  const state = builder.enumType('ModelState', {
    description: 'Life of a model version.',
    values: {
      LOADING: { description: 'Its files are being loaded.', value: 'loading' },
      WARMING: {
        description: 'It makes its first predictions, unseen by clients.',
        value: 'warming',
      },
      READY: { description: 'It serves.', value: 'ready' },
      DRAINING: {
        description: 'It finishes what it has begun and takes no more.',
        value: 'draining',
      },
      UNLOADED: { description: 'It is in the repository but not in memory.', value: 'unloaded' },
      FAILED: { description: 'It could not be loaded; `reason` says why.', value: 'failed' },
    } satisfies Record<string, { description: string; value: VersionState }>,
  });
  const inputKind = builder.enumType('InputKind', {
    description: 'Kind of input that a model takes: the field of `ModelInput` to fill.',
    values: {
      TEXT: { value: 'text' },
      FEATURES: { value: 'features' },
      IMAGE: { value: 'image' },
      TENSORS: { value: 'tensors' },
    } satisfies Record<string, { value: InputKind }>,
  });
  const outputKind = builder.enumType('OutputKind', {
    description: 'Kind of answer that a model gives.',
    values: {
      CLASSIFICATION: { description: 'One label of several.', value: 'classification' },
      MULTI_LABEL: { description: 'Any number of labels.', value: 'multi-label' },
      REGRESSION: { description: 'A number.', value: 'regression' },
      EMBEDDING: { description: 'A vector.', value: 'embedding' },
      TENSORS: { description: 'Raw tensors.', value: 'tensors' },
    } satisfies Record<string, { description: string; value: OutputKind }>,
  });

  const columnType = builder.enumType('ColumnType', {
    description: 'Type of the values of a column.',
    values: {
      NUMERIC: { description: 'Numbers.', value: 'numeric' },
      CATEGORICAL: { description: 'One of several values.', value: 'categorical' },
      STRING: { description: 'Texts.', value: 'string' },
      BOOLEAN: { description: 'true or false.', value: 'boolean' },
    } satisfies Record<string, { description: string; value: InputColumn['type'] }>,
  });

  const column = builder.objectRef<InputColumn>('InputColumn');
  column.implement({
    description: 'A column of a model that takes tables: a key of `features`.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the column.' }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'What it means.',
      }),
      type: t.expose('type', { type: columnType, description: 'Type of its values.' }),
      values: t.field({
        type: ['JSON'],
        nullable: true,
        description: 'Known values of a categorical column, else null.',
        resolve: ({ values }) => (values ? [...values] : null),
      }),
      closed: t.boolean({
        description: 'Whether other values than the known ones are refused.',
        resolve: ({ closed }) => closed ?? false,
      }),
      required: t.exposeBoolean('required', {
        description: 'Whether a missing value is refused.',
      }),
    }),
  });

  const signature = builder.objectRef<Signature>('Signature');
  signature.implement({
    description: 'Inputs and outputs of a model, as its files declare them.',
    fields: (t) => ({
      inputs: t.field({
        type: [tensorSpec],
        description: 'Tensors that go in.',
        resolve: ({ inputs }) => [...inputs],
      }),
      outputs: t.field({
        type: [tensorSpec],
        description: 'Tensors that come out.',
        resolve: ({ outputs }) => [...outputs],
      }),
    }),
  });

  const version = builder.objectRef<VersionStatus>('ModelVersion');
  version.implement({
    description: 'One version of a model.',
    fields: (t) => ({
      version: t.exposeString('version', { description: 'Name of the version.' }),
      state: t.expose('state', { type: state, description: 'Where in its life it is.' }),
      reason: t.exposeString('reason', { nullable: true, description: 'Why it failed, or null.' }),
      engine: t.string({
        nullable: true,
        description: 'Library that runs it, such as tfjs or onnx.',
        resolve: ({ engine }) => engine,
      }),
      backend: t.exposeString('backend', {
        nullable: true,
        description: 'What computes inside the engine, such as wasm or cpu; null until loaded.',
      }),
      loadMs: t.exposeFloat('loadMs', {
        nullable: true,
        description: 'Time that loading and warming up took, in milliseconds; null until loaded.',
      }),
      workers: t.exposeInt('workers', { description: 'Live workers, 0 or more.' }),
      signature: t.field({
        type: signature,
        nullable: true,
        description: 'Its inputs and outputs; null until loaded.',
        resolve: (parent) => parent.signature,
      }),
    }),
  });

  const example = builder.objectRef<ModelExample>('ModelExample');
  example.implement({
    description: 'An input that the card of the model gives as an example.',
    fields: (t) => ({
      input: t.field({
        type: 'JSONObject',
        description: 'The input, as a value for `ModelInput`.',
        resolve: ({ input }) => ({ ...input }),
      }),
      prediction: t.field({
        type: 'JSON',
        nullable: true,
        description: 'What the model should answer, where the card says it.',
        resolve: (parent) => parent.prediction ?? null,
      }),
    }),
  });

  const share = builder.objectRef<TrafficShare>('TrafficShare');
  share.implement({
    description: 'A version and its share of the requests that name no version.',
    fields: (t) => ({
      version: t.exposeString('version', { description: 'Name of the version.' }),
      percent: t.exposeFloat('percent', { description: 'Percent of the requests, 0 to 100.' }),
    }),
  });

  const model = builder.objectRef<ModelStatus>('Model');
  model.implement({
    description: 'One model of the repository.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the model: its folder.' }),
      description: t.exposeString('description', { nullable: true, description: 'What it does.' }),
      isDefault: t.exposeBoolean('isDefault', {
        description: 'Whether requests that name no model go here.',
      }),
      state: t.expose('state', {
        type: state,
        description: 'State of the version that serves, else of the newest.',
      }),
      reason: t.exposeString('reason', {
        nullable: true,
        description: 'Why it cannot serve, or null.',
      }),
      servingVersion: t.exposeString('servingVersion', {
        nullable: true,
        description: 'Version that answers when a request names none; null when none can.',
      }),
      inputKind: t.field({
        type: inputKind,
        nullable: true,
        description: 'Kind of input it takes; null until known.',
        resolve: (parent) => parent.inputKind,
      }),
      outputKind: t.field({
        type: outputKind,
        nullable: true,
        description: 'Kind of answer it gives; null until known.',
        resolve: (parent) => parent.outputKind,
      }),
      labels: t.stringList({
        nullable: true,
        description: 'Its classes in the order of its outputs; null where it has none.',
        resolve: ({ labels }) => (labels ? [...labels] : null),
      }),
      columns: t.field({
        type: [column],
        nullable: true,
        description: 'Columns of a model that takes tables, else null.',
        resolve: ({ columns }) => (columns ? [...columns] : null),
      }),
      unit: t.exposeString('unit', {
        nullable: true,
        description: 'Unit of a regression, where it is known.',
      }),
      versions: t.field({
        type: [version],
        description: 'All its versions.',
        resolve: ({ versions }) => [...versions],
      }),
      versionLabels: t.field({
        type: 'JSONObject',
        description: 'Names for versions that clients may ask for, as label → version.',
        resolve: (parent) => parent.versionLabels,
      }),
      traffic: t.field({
        type: [share],
        description:
          'Shares of the requests that name no version; what is left goes to `servingVersion`.',
        resolve: ({ traffic }) => [...traffic],
      }),
      shadow: t.field({
        type: share,
        nullable: true,
        description: 'Version that runs a share of the requests too, unseen by clients, or null.',
        resolve: (parent) => parent.shadow,
      }),
      examples: t.field({
        type: [example],
        description: 'Inputs to try.',
        resolve: ({ examples }) => [...examples],
      }),
    }),
  });

  builder.queryFields((t) => ({
    models: t.field({
      type: [model],
      description: 'All models in alphabetical order, failed ones too.',
      resolve: (_root, _args, { services, call }) => [...services.models.list(call)],
    }),
    model: t.field({
      type: model,
      nullable: true,
      description: 'One model, or null where there is none of that name.',
      args: { name: t.arg.string({ required: true, description: 'Name of the model.' }) },
      resolve: (_root, { name }, { services, call }) => services.models.get(call, name) ?? null,
    }),
  }));

  return { model };
}

/** References to the model types. */
export type ModelRefs = ReturnType<typeof defineModels>;
