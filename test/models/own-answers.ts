import path from 'node:path';
import { readFile } from 'node:fs/promises';
import type * as TF from '@tensorflow/tfjs-core';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { loadTfjsBackend, usePlainBackend } from '../../src/runtimes/engines/tfjs-backend.ts';
import { ONNX_TYPES } from '../../src/runtimes/engines/onnx-tensors.ts';
import { tensorDataToJson } from '../../src/tensor/json-value.ts';
import type { TensorMap } from '../../src/tensor/tensor.ts';

/** An output as JSON has it. */
export interface Answer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** Asks the library itself, without the server; throws what the library throws. */
export interface Library {
  ask(inputs: TensorMap, outputs: readonly string[]): Promise<Answer[]>;
  close(): Promise<void>;
}

/** Opens a model with the library that it was made for. @param backend what the server runs it on */
export function openLibrary(file: string, backend: string): Promise<Library> {
  return file.endsWith('.onnx') ? openOnnx(file) : openTfjs(file, backend);
}

async function openOnnx(file: string): Promise<Library> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 4 });
  return {
    async ask(inputs, outputs) {
      const feeds: Record<string, OrtTensor> = {};
      for (const [name, { datatype, data, shape }] of Object.entries(inputs)) {
        const type = ONNX_TYPES[datatype as 'FP32'];
        feeds[name] = new OrtTensor(type, data as Float32Array, shape);
      }
      const results = await session.run(feeds, outputs);
      return outputs.map((name) => {
        const result = results[name];
        if (!result) throw new Error(`there is no output "${name}"`);
        const { dims, data, type } = result;
        const datatype = Object.entries(ONNX_TYPES).find(([, each]) => each === type)?.[0];
        const tensor = { datatype: datatype as 'FP32', shape: dims, data: data as Float32Array };
        return { name, shape: dims, data: tensorDataToJson(tensor) };
      });
    },
    close: () => session.release(),
  };
}

/** Waits for the library only where it must be waited for, as it would warn. */
async function execute(model: GraphModel, feeds: TF.NamedTensorMap, outputs: string[]) {
  try {
    return model.execute({ ...feeds }, outputs);
  } catch {
    return model.executeAsync({ ...feeds }, outputs);
  }
}

const DTYPES = { FP32: 'float32', INT32: 'int32', BOOL: 'bool', BYTES: 'string' } as const;

async function openTfjs(file: string, backend: string): Promise<Library> {
  const { tf } = await loadTfjsBackend('wasm');
  if (backend === 'cpu') await usePlainBackend(tf);
  const json = JSON.parse(await readFile(file, 'utf8')) as TF.io.ModelJSON;
  const groups = json.weightsManifest;
  const shards = await Promise.all(
    groups
      .flatMap(({ paths }) => paths)
      .map((shard) => readFile(path.join(path.dirname(file), shard))),
  );
  const rest = { ...json, weightsManifest: undefined };
  const artifacts = {
    ...rest,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
  } as TF.io.ModelArtifacts;
  const handler = { load: () => Promise.resolve(artifacts) };
  const isGraph = 'node' in (artifacts.modelTopology as object);
  const model = isGraph ? await loadGraphModel(handler) : await loadLayersModel(handler);
  return {
    async ask(inputs, outputs) {
      const feeds: Record<string, TF.Tensor> = {};
      for (const [name, { datatype, data, shape }] of Object.entries(inputs)) {
        feeds[name] = tf.tensor(data as Float32Array, [...shape], DTYPES[datatype as 'FP32']);
      }
      const result =
        'executeAsync' in model
          ? await execute(model, feeds, [...outputs])
          : model.predict(Object.values(feeds));
      const results = Array.isArray(result) ? result : [result];
      return results.map((tensor, at) => {
        const read = Array.from(tensor.dataSync() as ArrayLike<unknown>);
        const data = tensor.dtype === 'bool' ? read.map(Boolean) : read;
        return { name: outputs[at] ?? '', shape: tensor.shape, data };
      });
    },
    close: () => {
      model.dispose();
      tf.disposeVariables();
      return Promise.resolve();
    },
  };
}
