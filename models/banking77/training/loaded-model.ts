import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { argmax } from './measure.ts';

interface ModelJson {
  modelTopology: object;
  signature: object;
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
}

/** The model as it was written, run by TensorFlow.js: what counts is what the server will answer. */
export class LoadedModel {
  readonly #model: GraphModel;

  private constructor(model: GraphModel) {
    this.#model = model;
  }

  static async load(folder: string): Promise<LoadedModel> {
    const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    setWasmPaths(wasm + sep);
    await tf.setBackend('wasm');
    const json = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as ModelJson;
    const files = json.weightsManifest.flatMap(({ paths }) => paths);
    const weights = Buffer.concat(files.map((file) => readFileSync(join(folder, file))));
    const artifacts: tf.io.ModelArtifacts = {
      modelTopology: json.modelTopology,
      signature: json.signature,
      format: 'graph-model',
      weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
      weightData: new Uint8Array(weights).buffer,
    };
    return new LoadedModel(await loadGraphModel({ load: () => Promise.resolve(artifacts) }));
  }

  /** The likeliest class of each text. */
  classify(texts: readonly Int32Array[]): Int32Array {
    const logits = this.logits(texts);
    const classes = logits.length / texts.length;
    return Int32Array.from(texts, (_, i) =>
      argmax(logits.subarray(i * classes, (i + 1) * classes)),
    );
  }

  /** The logits of some texts, one row after the other. */
  logits(texts: readonly Int32Array[]): Float32Array {
    const length = texts.reduce((sum, buckets) => sum + buckets.length, 0);
    const indices = new Int32Array(length);
    const segments = new Int32Array(length);
    let at = 0;
    texts.forEach((buckets, row) => {
      indices.set(buckets, at);
      segments.fill(row, at, at + buckets.length);
      at += buckets.length;
    });
    return tf.tidy(() => {
      const answer = this.#model.execute({
        indices: tf.tensor1d(indices, 'int32'),
        segments: tf.tensor1d(segments, 'int32'),
      }) as tf.Tensor;
      return answer.dataSync<'float32'>();
    });
  }
}
