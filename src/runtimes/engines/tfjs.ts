import { stat } from 'node:fs/promises';
import path from 'node:path';
import type * as TF from '@tensorflow/tfjs-core';
import type { Signature, Tensor, TensorMap } from '../../tensor/tensor.ts';
import type { Engine, LoadedModel, LoadSpec } from '../engine.ts';
import { engineMessage } from './engine-message.ts';
import { checkOptions } from './engine-options.ts';
import { loadTfjsBackend, type TfjsLibrary } from './tfjs-backend.ts';
import { readTfjsArtifacts } from './tfjs-files.ts';
import { tfjsOptionsSchema } from './tfjs-options.ts';
import { graphRunner, layersRunner, type TfjsRunner } from './tfjs-runner.ts';
import { openSavedModel } from './tfjs-saved-model.ts';
import { fromTfjs, toTfjs } from './tfjs-tensors.ts';

/**
 * TensorFlow.js: layers models and graph models (`model.json`) on native TensorFlow or WebAssembly,
 * SavedModel folders on native TensorFlow.
 */
export const tfjsEngine: Engine = {
  name: 'tfjs',
  async load(spec: LoadSpec): Promise<LoadedModel> {
    const options = checkOptions(tfjsOptionsSchema, spec.options);
    const { tf, backend } = await loadTfjsBackend(options.backend);
    return new TfjsModel(tf, backend, await openModel(tf, spec.path));
  },
};

async function openModel(tf: TfjsLibrary, file: string): Promise<TfjsRunner> {
  const name = path.basename(file);
  const isFolder = (await stat(file)).isDirectory();
  const artifacts = isFolder ? null : await readTfjsArtifacts(file);
  try {
    if (!artifacts) return await openSavedModel(tf, file);
    const handler = { load: () => Promise.resolve(artifacts) };
    const { format, modelTopology, signature } = artifacts;
    const isGraph =
      format === 'graph-model' || (typeof modelTopology === 'object' && 'node' in modelTopology);
    if (!isGraph) return layersRunner(await tf.loadLayersModel(handler));
    const model = await tf.loadGraphModel(handler);
    return graphRunner(model, signature);
  } catch (thrown) {
    const message = `${name} cannot be loaded: ${engineMessage(thrown, file)}`;
    throw new Error(message, { cause: thrown });
  }
}

class TfjsModel implements LoadedModel {
  readonly backend: string;
  readonly signature: Signature;
  readonly #tf: TfjsLibrary;
  readonly #runner: TfjsRunner;

  constructor(tf: TfjsLibrary, backend: string, runner: TfjsRunner) {
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
