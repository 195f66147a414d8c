import type { ModelStatus } from '../services/model-status.ts';
import type { TensorSpec } from '../tensor/tensor.ts';

/** Where editors find the JSON Schema of model.yaml. */
export const MANIFEST_SCHEMA_URL =
  'https://unpkg.com/ml-inference-api@0.2/schema/model.schema.json';

/** A commented `model.yaml` for a model that has been loaded without one. */
export function writeManifest(status: ModelStatus): string {
  const { inputs, outputs } = status.versions.find(({ signature }) => signature !== null)
    ?.signature ?? { inputs: [], outputs: [] };
  return [
    `# yaml-language-server: $schema=${MANIFEST_SCHEMA_URL}`,
    '',
    '# What the model does; shown in the API, GraphiQL and the console.',
    `description: ${status.name}`,
    '',
    '# Inputs of the model:',
    ...inputs.map(describe),
    ...inputSection(status, inputs),
    '',
    '# Outputs of the model:',
    ...outputs.map(describe),
    ...outputSection(status, outputs),
    '',
    '# Requests are batched as they come; raise these only after `ml-inference-api bench`.',
    '# batching: { maxBatchSize: 64, maxDelayMs: 0 }',
    '',
    '# Predictions are cached by their input; turn it off for models with randomness.',
    '# cache: { enabled: true, ttlSeconds: 3600 }',
    '',
  ].join('\n');
}

function describe({ name, datatype, shape }: TensorSpec): string {
  return `#   ${name}: ${datatype} [${shape.map((size) => size ?? '?').join(', ')}]`;
}

function inputSection({ inputKind }: ModelStatus, inputs: readonly TensorSpec[]): string[] {
  if (inputKind === 'text') return ['# A tokenizer.json lies beside it: clients send text.'];
  const [first] = inputs;
  const axes = first?.shape ?? [];
  const lines = ['input:', '  kind: tensors # clients send raw tensors; or one of:'];
  if (inputs.length === 1 && axes.length === 4) {
    return [
      ...lines,
      '# input:',
      '#   kind: image # clients send a PNG, JPEG or WebP file',
      '#   mean: [0.485, 0.456, 0.406] # as in training, after scaling to 0..1',
      '#   std: [0.229, 0.224, 0.225]',
    ];
  }
  const columns = inputs.length === 1 ? (axes.at(-1) ?? 2) : 1;
  const names =
    inputs.length === 1
      ? Array.from({ length: Math.min(columns, 20) }, (_, i) => `column_${i + 1}`)
      : inputs.map(({ name }) => name);
  return [
    ...lines,
    '# input:',
    '#   kind: features # clients send column values by name, in the order of training',
    '#   columns:',
    ...names.map((name) => `#     - { name: ${JSON.stringify(name)}, type: numeric }`),
  ];
}

function outputSection({ outputKind }: ModelStatus, outputs: readonly TensorSpec[]): string[] {
  if (outputKind !== 'tensors') return [`# Recognised as ${outputKind ?? 'unknown'}.`];
  const [first] = outputs;
  const size = first?.shape.at(-1);
  const isClasses = outputs.some(({ name }) => /logit|prob|softmax/i.test(name)) || (size ?? 0) > 1;
  const lines = ['output:', '  kind: tensors # clients get raw tensors; or one of:'];
  if (isClasses) {
    return [
      ...lines,
      '# output:',
      '#   kind: classification # clients get a label, its confidence and scores',
      ...(outputs.length > 1 ? [`#   tensor: ${JSON.stringify(first?.name)}`] : []),
      '#   activation: softmax # none, if the output already is probabilities',
      '#   labels: [first, second] # one for each class, or the name of a file with one a line',
    ];
  }
  return [...lines, '# output:', '#   kind: regression # clients get a number', '#   unit: kg'];
}
