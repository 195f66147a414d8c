import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder with two shipped models and one tiny model of each other kind of input. */
export interface TinyModels {
  readonly directory: string;
  remove(): void;
}

/** Makes the folder: `banking77`, `digits`, `flowers` (table), `shades` (image), `sums` (tensors), `broken`. */
export function makeTinyModels(): TinyModels {
  const directory = mkdtempSync(path.join(tmpdir(), 'models-'));
  const shipped = path.join(import.meta.dirname, '../../../models');
  for (const name of ['banking77', 'digits']) {
    symlinkSync(path.join(shipped, name), path.join(directory, name));
  }

  writeModel(directory, 'flowers', FLOWERS, [4], 2);
  writeModel(directory, 'shades', SHADES, [8, 8, 1], 2);
  writeModel(directory, 'sums', 'description: Adds three numbers up.\n', [3], 1);
  mkdirSync(path.join(directory, 'broken', '1'), { recursive: true });
  writeFileSync(path.join(directory, 'broken', '1', 'model.onnx'), 'not a model');
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

const FLOWERS = `description: Whether a flower is large.
input:
  kind: features
  columns:
    - { name: petal_length, type: numeric, description: Length in cm }
    - { name: petal_width, type: numeric, missing: mean }
    - { name: colour, type: categorical, values: [blue, white], encoding: index }
    - { name: is_wild, type: boolean, missing: false }
output: { kind: classification, labels: [small, large], activation: softmax }
examples:
  - input: { features: { petal_length: 4.5, petal_width: 1.5, colour: white, is_wild: true } }
    prediction: large
`;

const SHADES = `description: Whether a small image is dark or light.
input: { kind: image }
output: { kind: classification, labels: [dark, light], activation: softmax }
`;

/** Writes a network of one layer whose last unit grows with the sum of the inputs. */
function writeModel(
  directory: string,
  name: string,
  manifest: string,
  shape: readonly number[],
  units: number,
): void {
  const folder = path.join(directory, name, '1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(directory, name, 'model.yaml'), `runtime: tfjs\n${manifest}`);
  const size = shape.reduce((product, each) => product * each, 1);
  const kernel = Array.from({ length: size * units }, (_none, i) =>
    Number(i % units === units - 1),
  );
  const bias = new Array<number>(units).fill(0);
  writeFileSync(path.join(folder, 'weights.bin'), new Float32Array([...kernel, ...bias]));
  const layer = (class_name: string, layerName: string, from: string | null, config: object) => ({
    class_name,
    name: layerName,
    config: { name: layerName, dtype: 'float32', ...config },
    inbound_nodes: from === null ? [] : [[[from, 0, 0, {}]]],
  });
  const model = {
    format: 'layers-model',
    modelTopology: {
      class_name: 'Model',
      config: {
        name,
        layers: [
          layer('InputLayer', 'input', null, {
            batch_input_shape: [null, ...shape],
            sparse: false,
          }),
          layer('Reshape', 'flat', 'input', { target_shape: [size] }),
          layer('Dense', 'dense', 'flat', { units, activation: 'linear', use_bias: true }),
        ],
        input_layers: [['input', 0, 0]],
        output_layers: [['dense', 0, 0]],
      },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: [
          { name: 'dense/kernel', shape: [size, units], dtype: 'float32' },
          { name: 'dense/bias', shape: [units], dtype: 'float32' },
        ],
      },
    ],
  };
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify(model));
}
