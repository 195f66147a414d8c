import { stat } from 'node:fs/promises';
import type * as TF from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { allocate, type Datatype, type Tensor, type TensorMap } from '../../tensor.ts';
import type { Engine, LoadedModel, LoadSpec } from '../engine.ts';
import { readTfjsArtifacts } from './tfjs-files.ts';
import { loadTfjsBackend, type TfjsBackend, type TfjsLibrary } from './tfjs-backend.ts';
import type { TensorSpec } from '../../tensor.ts';

/**
 * TensorFlow.js: layers models and graph models (`model.json`) on native TensorFlow or WebAssembly,
 * SavedModel folders on native TensorFlow.
 */
export const tfjsEngine: Engine = {
  name: 'tfjs',
  async load(spec: LoadSpec): Promise<LoadedModel> {
    const { tf, backend } = await loadTfjsBackend(spec.options.backend as TfjsBackend | undefined);
    const isFolder = (await stat(spec.path)).isDirectory();
    if (isFolder) return loadSavedModel(tf, backend, spec.path);
    const artifacts = await readTfjsArtifacts(spec.path);
    const handler = { load: () => Promise.resolve(artifacts) };
    const isGraph =
      artifacts.format === 'graph-model' ||
      (typeof artifacts.modelTopology === 'object' && 'node' in artifacts.modelTopology);
    return isGraph
      ? new TfjsModel(tf, backend, graphRunner(await tf.loadGraphModel(handler)))
      : new TfjsModel(tf, backend, layersRunner(await tf.loadLayersModel(handler)));
  },
};

/** The differences between the formats: names, and how a batch is run. */
interface Runner {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  run(inputs: TF.NamedTensorMap, outputs: readonly string[]): Promise<TF.Tensor[]> | TF.Tensor[];
  dispose(): void;
}

class TfjsModel implements LoadedModel {
  readonly backend: string;
  readonly signature;
  readonly #tf: TfjsLibrary;
  readonly #runner: Runner;

  constructor(tf: TfjsLibrary, backend: string, runner: Runner) {
    this.#tf = tf;
    this.backend = backend;
    this.#runner = runner;
    this.signature = { inputs: runner.inputs, outputs: runner.outputs };
  }

  async run(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap> {
    const tf = this.#tf;
    const held: TF.Tensor[] = [];
    try {
      const named: TF.NamedTensorMap = {};
      for (const [name, tensor] of Object.entries(inputs)) {
        const converted = toTfjs(tf, tensor);
        held.push(converted);
        named[name] = converted;
      }
      const results = await this.#runner.run(named, outputs);
      held.push(...results);
      const answer: Record<string, Tensor> = {};
      for (const [i, name] of outputs.entries()) {
        const result = results[i];
        if (!result) throw new Error(`the model gave no output "${name}"`);
        answer[name] = fromTfjs(result);
      }
      return answer;
    } finally {
      tf.dispose(held);
    }
  }

  stats() {
    const { numTensors, numBytes } = this.#tf.memory();
    return { tensors: numTensors, bytes: numBytes };
  }

  dispose(): Promise<void> {
    this.#runner.dispose();
    return Promise.resolve();
  }
}

function graphRunner(model: GraphModel): Runner {
  const dynamic = model as unknown as { executor: { isControlFlowModel?: boolean } };
  const isAsync = dynamic.executor.isControlFlowModel === true;
  const outputs = model.outputs.map(specOf);
  const nodes = new Map(outputs.map(({ name }, i) => [name, model.outputs[i]?.name ?? name]));
  const keys = new Map(model.inputs.map((input) => [stripPort(input.name), input.name]));
  return {
    inputs: model.inputs.map(specOf),
    outputs,
    async run(inputs, wanted) {
      const feeds: TF.NamedTensorMap = {};
      for (const [name, tensor] of Object.entries(inputs)) feeds[keys.get(name) ?? name] = tensor;
      const fetches = wanted.map((name) => nodes.get(name) ?? name);
      const result = isAsync
        ? await model.executeAsync(feeds, fetches)
        : model.execute(feeds, fetches);
      return Array.isArray(result) ? result : [result];
    },
    dispose: () => model.dispose(),
  };
}

function layersRunner(model: LayersModel): Runner {
  const outputs = model.outputs.map((output, i) => ({
    ...specOf(output),
    name: model.outputNames[i] ?? output.name,
  }));
  return {
    inputs: model.inputs.map((input, i) => ({
      ...specOf(input),
      name: model.inputNames[i] ?? input.name,
    })),
    outputs,
    run(inputs, wanted) {
      const feeds = model.inputNames.map((name) => {
        const tensor = inputs[name];
        if (!tensor) throw new Error(`input "${name}" is missing`);
        return tensor;
      });
      const result = model.predict(feeds.length === 1 && feeds[0] ? feeds[0] : feeds);
      const all = Array.isArray(result) ? result : [result];
      const byName = new Map(outputs.map(({ name }, i) => [name, all[i]]));
      for (const [name, tensor] of byName) if (!wanted.includes(name)) tensor?.dispose();
      return wanted.flatMap((name) => byName.get(name) ?? []);
    },
    dispose: () => void model.dispose(),
  };
}

async function loadSavedModel(
  tf: TfjsLibrary,
  backend: string,
  folder: string,
): Promise<LoadedModel> {
  if (!tf.node) {
    throw new Error(
      'a SavedModel needs native TensorFlow (@tensorflow/tfjs-node), which is not installed here; ' +
        'convert it to a TensorFlow.js graph model or to ONNX',
    );
  }
  const [graph] = await tf.node.getMetaGraphsFromSavedModel(folder);
  const signature = Object.values(graph?.signatureDefs ?? {})[0];
  const model = await tf.node.loadSavedModel(folder);
  type Declared = Record<string, { dtype: string; shape: { array?: boolean }[] }>;
  const specs = (entries: Declared | undefined): TensorSpec[] =>
    Object.entries(entries ?? {}).map(([name, { dtype, shape }]) => ({
      name,
      datatype: datatypeOf(dtype),
      shape: (shape as unknown as number[]).map((size) => (size > 0 ? size : null)),
    }));
  const outputs = specs(signature?.outputs as Declared | undefined);
  return new TfjsModel(tf, backend, {
    inputs: specs(signature?.inputs as Declared | undefined),
    outputs,
    run(inputs, wanted) {
      const result = model.predict(inputs, {});
      if (result instanceof tf.Tensor) return [result];
      const byName: Record<string, TF.Tensor | undefined> = Array.isArray(result)
        ? Object.fromEntries(outputs.map(({ name }, i) => [name, result[i]]))
        : result;
      for (const [name, tensor] of Object.entries(byName)) {
        if (!wanted.includes(name)) tensor?.dispose();
      }
      return wanted.flatMap((name) => byName[name] ?? []);
    },
    dispose: () => model.dispose(),
  });
}

const stripPort = (name: string): string => name.replace(/:0$/, '');

function specOf(info: {
  name: string;
  dtype: string;
  shape?: readonly (number | null)[] | undefined;
}): TensorSpec {
  return {
    name: stripPort(info.name),
    datatype: datatypeOf(info.dtype),
    shape: (info.shape ?? []).map((size) => (size === null || size < 0 ? null : size)),
  };
}

function datatypeOf(dtype: string): Datatype {
  switch (dtype) {
    case 'float32':
    case 'DT_FLOAT':
      return 'FP32';
    case 'int32':
    case 'DT_INT32':
      return 'INT32';
    case 'bool':
    case 'DT_BOOL':
      return 'BOOL';
    case 'string':
    case 'DT_STRING':
      return 'BYTES';
    default:
      throw new Error(`tensors of type ${dtype} are not supported by the tfjs engine`);
  }
}

function toTfjs(tf: TfjsLibrary, tensor: Tensor): TF.Tensor {
  const shape = [...tensor.shape];
  switch (tensor.datatype) {
    case 'FP32':
      return tf.tensor(tensor.data as Float32Array, shape, 'float32');
    case 'INT32':
      return tf.tensor(tensor.data as Int32Array, shape, 'int32');
    case 'BOOL':
      return tf.tensor(tensor.data as Uint8Array, shape, 'bool');
    case 'BYTES':
      return tf.tensor(tensor.data as string[], shape, 'string');
    default:
      throw new Error(`tensors of type ${tensor.datatype} are not supported by the tfjs engine`);
  }
}

function fromTfjs(tensor: TF.Tensor): Tensor {
  const datatype = datatypeOf(tensor.dtype);
  const shape = tensor.shape;
  const data = tensor.dataSync() as unknown as Tensor['data'];
  if (Array.isArray(data)) return { datatype, shape, data };
  // Backends may hand out a view on their own memory, which the next run overwrites.
  const own = allocate(datatype, data.length) as Float32Array;
  own.set(data as Float32Array);
  return { datatype, shape, data: own };
}
