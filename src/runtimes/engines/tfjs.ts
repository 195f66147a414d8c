import { stat } from 'node:fs/promises';
import path from 'node:path';
import type * as TF from '@tensorflow/tfjs-core';
import type { Signature, Tensor, TensorMap } from '../../tensor/tensor.ts';
import type { Engine, LoadedModel, LoadSpec } from '../engine.ts';
import { engineMessage } from './engine-message.ts';
import { checkOptions } from './engine-options.ts';
import { loadTfjsBackend, usePlainBackend, type TfjsLibrary } from './tfjs-backend.ts';
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
    // The library keeps what it was given, to save it again: the weights would be held twice.
    delete artifacts.weightData;
    delete artifacts.modelTopology;
    return graphRunner(model, signature);
  } catch (thrown) {
    const message = `${name} cannot be loaded: ${engineMessage(thrown, file)}`;
    throw new Error(message, { cause: thrown });
  }
}

/** Messages of the library that are about what the wasm backend lacks, not about the input. */
const LACKS =
  /Kernel '(\w+)' not registered|registered kernel '(\w+)' for backend|not yet supported|must have dtype float32|only supports|does not support dataFormat|Unknown dtype|\b(?:wasm|was) backend\b/i;

class TfjsModel implements LoadedModel {
  backend: string;
  notice: string | undefined;
  readonly signature: Signature;
  readonly #tf: TfjsLibrary;
  readonly #runner: TfjsRunner;
  /** The library's own name of it. */
  #backendName: string;

  constructor(tf: TfjsLibrary, backend: string, runner: TfjsRunner) {
    this.#tf = tf;
    this.backend = backend;
    this.#backendName = tf.getBackend();
    this.#runner = runner;
    this.signature = { inputs: runner.inputs, outputs: runner.outputs };
  }

  async run(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap> {
    try {
      return await this.#runOnce(inputs, outputs);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      const lack = LACKS.exec(message);
      if (this.backend !== 'wasm' || !lack) throw thrown;
      await usePlainBackend(this.#tf);
      this.#backendName = 'cpu';
      try {
        const answer = await this.#runOnce(inputs, outputs);
        this.backend = 'cpu';
        const kernel = lack[1] ?? lack[2];
        const what = kernel ? `the kernel ${kernel} is missing` : message.slice(0, 200);
        this.notice = `WebAssembly cannot run this model (${what}): it runs on the slower plain JavaScript backend`;
        return answer;
      } catch {
        this.#backendName = 'wasm';
        throw thrown;
      }
    }
  }

  async #runOnce(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap> {
    const tf = this.#tf;
    // Another model of this worker may have needed another one.
    const wanted = this.#backendName;
    if (tf.getBackend() !== wanted) await tf.setBackend(wanted);
    const held: TF.Tensor[] = [];
    try {
      const named: TF.NamedTensorMap = {};
      for (const [name, tensor] of Object.entries(inputs)) {
        const converted = toTfjs(tf, tensor);
        held.push(converted);
        named[name] = converted;
      }
      const results = await this.#runner.run(named, outputs);
      held.push(...results.filter((tensor) => !this.#runner.isWeight(tensor)));
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
