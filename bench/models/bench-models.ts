import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ROOT } from '../children.ts';
import { encoderOnnx, encoderWeights } from './encoder.ts';
import { encodeSafetensors } from './safetensors.ts';

/** Change it when what is made changes, so that old files are not used again. */
const EDITION = '2';

/** Files that the bench makes; git, the formatter and the linter all leave this folder alone. */
export const CACHE = path.join(ROOT, 'node_modules', '.cache', 'ml-inference-bench', EDITION);

/** The models of a run. */
export interface BenchModels {
  /** Folder to serve: the models that ship, and the encoder. */
  readonly folder: string;
  /** Names of the models in it. */
  readonly names: ReadonlySet<string>;
  /** The encoder's weights for whoever does not read ONNX. */
  readonly encoderWeights: string;
}

/**
 * Makes the encoder where it is not there yet, and a folder with all models.
 *
 * @param root repository whose models are served; another revision reads its own manifests
 * @default root this repository
 */
export function prepareModels(root = ROOT): BenchModels {
  const encoder = path.join(CACHE, 'encoder');
  const weightsFile = path.join(CACHE, 'encoder.safetensors');
  const done = path.join(CACHE, 'done');
  if (!existsSync(done)) {
    const weights = encoderWeights();
    mkdirSync(path.join(encoder, '1'), { recursive: true });
    writeFileSync(path.join(encoder, '1', 'model.onnx'), encoderOnnx(weights));
    writeFileSync(weightsFile, encodeSafetensors(weights));
    writeFileSync(done, '');
  }
  writeFileSync(path.join(encoder, 'model.yaml'), encoderManifest());
  const shipped = shippedModels(root).map((name) => path.join(root, 'models', name));
  const folder = linkFolder(root === ROOT ? 'models' : path.basename(root), [...shipped, encoder]);
  return { folder, names: new Set(readdirSync(folder)), encoderWeights: weightsFile };
}

/** Names of the models that ship with the server. */
export function shippedModels(root = ROOT): string[] {
  return readdirSync(path.join(root, 'models'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => existsSync(path.join(root, 'models', name, 'model.yaml')))
    .sort();
}

/** Folder of the version that serves by default: the highest. */
export function newestVersion(model: string): string {
  const versions = readdirSync(model)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return path.join(model, String(Math.max(...versions)));
}

/** A folder of links to models. */
export function linkFolder(name: string, models: readonly string[]): string {
  const folder = path.join(CACHE, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const model of models) symlinkSync(model, path.join(folder, path.basename(model)));
  return folder;
}

/**
 * One worker a core: here the engine is what takes the time. Batches of 8 cost it 2 % more a row than
 * those of 16, but of 32 requests half wait then while the others run, and no worker ever does.
 */
function encoderManifest(): string {
  return `description: A transformer encoder in the sizes of MiniLM with random weights.
runtime: onnx
output: { kind: embedding }
workers: { count: ${availableParallelism()} }
batching: { maxBatchSize: 8 }
`;
}
