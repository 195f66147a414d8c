import type { ModelStatus, VersionStatus } from '../../services/model-status.ts';
import type { ModelInterface } from '../../services/services.ts';
import type { Datatype, TensorSpec } from '../../tensor/tensor.ts';
import { encodedInputOf } from './encoded-input.ts';

/** What the server offers beyond the protocol, by the names of the field. */
export const EXTENSIONS: readonly string[] = [
  'binary_tensor_data',
  'classification',
  'generate',
  'model_configuration',
  'model_repository',
  'parameters',
  'schedule_policy',
  'statistics',
];

/** Name of the server in its metadata. */
export const SERVER_NAME = 'ml-inference-api';

/** A tensor in the metadata of a model; -1 for sizes that are open. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** Metadata of a model. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** Makes the metadata of a model: its own tensors, and what its encoder reads as BYTES. */
export function toMetadata(interfaceOf: ModelInterface, status: ModelStatus): ModelMetadata {
  const { model, signature } = interfaceOf;
  const encoded = encodedInputOf(interfaceOf);
  return {
    name: model,
    versions: readyVersions(status),
    platform: platformOf(interfaceOf, status),
    inputs: [
      ...signature.inputs.map(toTensor),
      ...(encoded ? [{ name: encoded.name, datatype: 'BYTES', shape: [-1, 1] } as const] : []),
    ],
    outputs: signature.outputs.map(toTensor),
  };
}

const toTensor = ({ name, datatype, shape }: TensorSpec): TensorMetadata => ({
  name,
  datatype,
  shape: shape.map((size) => size ?? -1),
});

/** Versions that answer. */
export function readyVersions({ versions }: ModelStatus): string[] {
  return versions.filter(isReady).map(({ version }) => version);
}

const isReady = ({ state }: VersionStatus): boolean => state === 'ready';

const PLATFORMS: Readonly<Record<string, string>> = {
  onnx: 'onnx_onnxv1',
  tfjs: 'tensorflow_tfjs',
  remote: 'remote',
};

function platformOf({ version }: ModelInterface, { versions }: ModelStatus): string {
  const engine = versions.find((candidate) => candidate.version === version)?.engine;
  return PLATFORMS[engine ?? ''] ?? '';
}

/** `ModelConfig` as JSON has it, by the names of its fields. */
export interface ModelConfigDocument {
  readonly name: string;
  readonly platform: string;
  readonly backend: string;
  readonly version_policy:
    { readonly specific: { readonly versions: readonly number[] } } | { readonly all: object };
  readonly max_batch_size: number;
  readonly input: readonly {
    readonly name: string;
    readonly data_type: string;
    readonly format: 'FORMAT_NONE';
    readonly dims: readonly number[];
    readonly is_shape_tensor: boolean;
    readonly allow_ragged_batch: boolean;
    readonly optional: boolean;
  }[];
  readonly output: readonly {
    readonly name: string;
    readonly data_type: string;
    readonly dims: readonly number[];
    readonly label_filename: string;
    readonly is_shape_tensor: boolean;
  }[];
  readonly dynamic_batching?: object;
  readonly model_transaction_policy: { readonly decoupled: boolean };
  readonly response_cache: { readonly enable: boolean };
}

/** Makes the configuration of a model; with a batch axis, sizes are given without it. */
export function toConfig(interfaceOf: ModelInterface, status: ModelStatus): ModelConfigDocument {
  const { model, signature, hasRows, maxBatchSize, cached } = interfaceOf;
  const encoded = encodedInputOf(interfaceOf);
  const platform = platformOf(interfaceOf, status);
  const versions = readyVersions(status);
  const isNumbered = versions.every((version) => /^\d{1,15}$/.test(version));
  const dims = ({ shape }: TensorSpec) =>
    (hasRows ? shape.slice(1) : shape).map((size) => size ?? -1);
  const input = (
    name: string,
    datatype: Datatype,
    sizes: readonly number[],
    optional: boolean,
  ) => ({
    name,
    data_type: toDataType(datatype),
    format: 'FORMAT_NONE' as const,
    dims: sizes,
    is_shape_tensor: false,
    allow_ragged_batch: false,
    optional,
  });
  return {
    name: model,
    platform,
    backend: platform.split('_')[0] === 'onnx' ? 'onnxruntime' : (platform.split('_')[0] ?? ''),
    version_policy: isNumbered ? { specific: { versions: versions.map(Number) } } : { all: {} },
    max_batch_size: hasRows ? Math.max(1, maxBatchSize) : 0,
    input: [
      ...signature.inputs.map((spec) => input(spec.name, spec.datatype, dims(spec), false)),
      ...(encoded ? [input(encoded.name, 'BYTES', hasRows ? [1] : [-1, 1], true)] : []),
    ],
    output: signature.outputs.map((spec) => ({
      name: spec.name,
      data_type: toDataType(spec.datatype),
      dims: dims(spec),
      label_filename: '',
      is_shape_tensor: false,
    })),
    ...(hasRows && maxBatchSize > 1 && { dynamic_batching: {} }),
    model_transaction_policy: { decoupled: false },
    response_cache: { enable: cached },
  };
}

/** Name of a datatype in a configuration. */
export function toDataType(datatype: Datatype): string {
  return datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`;
}

/** An entry of the repository's index. */
export interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'UNAVAILABLE' | 'LOADING' | 'UNLOADING';
  readonly reason: string;
}

const STATES: Readonly<Record<VersionStatus['state'], IndexEntry['state']>> = {
  loading: 'LOADING',
  warming: 'LOADING',
  ready: 'READY',
  draining: 'UNLOADING',
  unloaded: 'UNAVAILABLE',
  failed: 'UNAVAILABLE',
};

/**
 * The index of the repository: each version of each model.
 *
 * @param onlyReady whether others are left out
 */
export function toIndex(models: readonly ModelStatus[], onlyReady: boolean): IndexEntry[] {
  const entries = models.flatMap(({ name, versions, reason }): IndexEntry[] => {
    if (versions.length === 0) {
      return [{ name, version: '', state: 'UNAVAILABLE', reason: reason ?? '' }];
    }
    return versions.map((version) => ({
      name,
      version: version.version,
      state: STATES[version.state],
      reason: version.reason ?? (version.state === 'unloaded' ? 'unloaded' : ''),
    }));
  });
  return onlyReady ? entries.filter(({ state }) => state === 'READY') : entries;
}
