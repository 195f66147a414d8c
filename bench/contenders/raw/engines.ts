import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BenchModel } from '../../scenario.ts';
import type { io } from '@tensorflow/tfjs-core';
import { newestVersion } from '../../models/bench-models.ts';
import { freshTokens, SEQUENCE } from '../../load/inputs.ts';
import { Random } from '../../load/random.ts';

/** Runs one batch of inputs that are ready as tensors, and waits for its result. */
export type RunBatch = (rows: number) => Promise<unknown>;

/** Loads a model straight into its library, on one thread, without anything of the server. */
export function loadRaw(model: BenchModel, folder: string): Promise<RunBatch> {
  switch (model) {
    case 'banking77':
      return loadBag(newestVersion(path.join(folder, model)));
    case 'encoder':
    case 'digits':
      return loadOnnx(model, path.join(newestVersion(path.join(folder, model)), 'model.onnx'));
  }
}

async function loadOnnx(model: 'encoder' | 'digits', file: string): Promise<RunBatch> {
  const ort = await import('onnxruntime-node');
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const [input] = session.inputMetadata;
  if (!input?.isTensor) throw new Error(`${model} has no input`);
  const { name, shape } = input;
  const random = new Random(5);
  const inputs = ready((rows) => {
    const sizes = shape.map((size, axis) => (axis === 0 || typeof size === 'string' ? rows : size));
    const count = sizes.reduce((product, each) => product * each, 1);
    return model === 'encoder'
      ? new ort.Tensor('int64', randomTokens(random, rows), sizes)
      : new ort.Tensor(
          Float32Array.from({ length: count }, () => random.centred()),
          sizes,
        );
  });
  return (rows) => session.run({ [name]: inputs(rows) });
}

/** Makes the inputs of each batch size only once, so that making them is not measured. */
function ready<T>(make: (rows: number) => T): (rows: number) => T {
  const made = new Map<number, T>();
  return (rows) => {
    const found = made.get(rows) ?? make(rows);
    made.set(rows, found);
    return found;
  };
}

function randomTokens(random: Random, rows: number): BigInt64Array {
  const tokens = new BigInt64Array(rows * SEQUENCE);
  for (let row = 0; row < rows; row++) {
    tokens.set(freshTokens(random).map(BigInt), row * SEQUENCE);
  }
  return tokens;
}

/** n-grams of a usual question. */
const NGRAMS = 170;

async function loadBag(folder: string): Promise<RunBatch> {
  const tf = await import('@tensorflow/tfjs-core');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(path.dirname(entry) + path.sep);
  await tf.setBackend('wasm');
  const graph = await loadGraphModel({ load: () => Promise.resolve(readArtifacts(folder)) });
  const random = new Random(5);
  const inputs = ready((rows) => ({
    indices: Int32Array.from({ length: rows * NGRAMS }, () => 1 + random.below(32_767)),
    segments: Int32Array.from({ length: rows * NGRAMS }, (_, i) => Math.floor(i / NGRAMS)),
  }));
  return (rows) => {
    const { indices, segments } = inputs(rows);
    tf.tidy(() => {
      const logits = graph.execute({
        indices: tf.tensor1d(indices, 'int32'),
        segments: tf.tensor1d(segments, 'int32'),
      });
      for (const tensor of [logits].flat()) tensor.dataSync();
    });
    return Promise.resolve();
  };
}

interface ModelJson {
  readonly modelTopology: object;
  readonly signature: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
}

function readArtifacts(folder: string): io.ModelArtifacts {
  const json = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as ModelJson;
  const files = json.weightsManifest.flatMap(({ paths }) => paths);
  const weights = Buffer.concat(files.map((file) => readFileSync(path.join(folder, file))));
  return {
    modelTopology: json.modelTopology,
    signature: json.signature,
    format: 'graph-model',
    weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(weights).buffer,
  };
}
