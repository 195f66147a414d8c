import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../children.ts';
import { SEQUENCE } from '../load/inputs.ts';
import { CACHE, newestVersion, type BenchModels } from '../models/bench-models.ts';
import { ENCODER } from '../models/encoder.ts';
import { encodeSafetensors } from '../models/safetensors.ts';
import { readTfjsWeights } from '../models/tfjs-weights.ts';

interface TextManifest {
  readonly input: { readonly hashedNgrams: object };
}

/** Writes what the seed's stack loads: the same weights, labels and settings as the server's. */
export function writeSeedConfig(models: BenchModels): string {
  const config: Record<string, object> = {
    encoder: { weights: models.encoderWeights, tokens: SEQUENCE, ...ENCODER },
  };
  if (models.names.has('banking77')) config.banking77 = banking77();
  if (models.names.has('digits')) config.digits = digits();
  const file = path.join(CACHE, 'seed.json');
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Models that the seed's stack can serve. */
export function seedModels(models: BenchModels): ReadonlySet<string> {
  return new Set(['banking77', 'digits', 'encoder'].filter((name) => models.names.has(name)));
}

function banking77(): object {
  const folder = path.join(ROOT, 'models', 'banking77');
  const weights = path.join(CACHE, 'banking77.safetensors');
  writeFileSync(weights, encodeSafetensors(readTfjsWeights(newestVersion(folder))));
  const manifest = parse(readFileSync(path.join(folder, 'model.yaml'), 'utf8')) as TextManifest;
  return { weights, labels: readLabels(folder), ngrams: manifest.input.hashedNgrams };
}

function digits(): object {
  const folder = path.join(ROOT, 'models', 'digits');
  const labels = readLabels(folder);
  return {
    onnx: path.join(newestVersion(folder), 'model.onnx'),
    labels: labels.length > 0 ? labels : Array.from({ length: 10 }, (_, digit) => String(digit)),
  };
}

function readLabels(folder: string): string[] {
  const file = path.join(folder, 'labels.txt');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
