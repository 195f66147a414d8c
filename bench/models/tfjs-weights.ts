import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { NamedWeights } from './safetensors.ts';

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly min: number; readonly scale: number };
}

interface ModelJson {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly WeightEntry[];
  }[];
}

/** Reads the weights of a TensorFlow.js model; those in eight bits are widened to 32. */
export function readTfjsWeights(folder: string): NamedWeights {
  const json = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as ModelJson;
  const weights: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
  for (const { paths, weights: entries } of json.weightsManifest) {
    const bytes = Buffer.concat(paths.map((file) => readFileSync(path.join(folder, file))));
    let at = 0;
    for (const { name, shape, dtype, quantization } of entries) {
      const size = shape.reduce((product, each) => product * each, 1);
      const stored = quantization?.dtype ?? dtype;
      const data = new Float32Array(size);
      if (stored === 'uint8' && quantization) {
        const { min, scale } = quantization;
        for (let i = 0; i < size; i++) data[i] = (bytes[at + i] ?? 0) * scale + min;
        at += size;
      } else if (stored === 'float32') {
        for (let i = 0; i < size; i++) data[i] = bytes.readFloatLE(at + i * 4);
        at += size * 4;
      } else {
        throw new Error(`weights "${name}" are stored as ${stored}, which the bench cannot read`);
      }
      weights[name] = { shape, data };
    }
  }
  return weights;
}
