import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';

/** Writes small graph models of TensorFlow.js, as its converter does. */

/** Types of TensorFlow that TensorFlow.js computes with. */
export type TfType = 'DT_FLOAT' | 'DT_INT32' | 'DT_BOOL' | 'DT_STRING' | 'DT_RESOURCE';

/** Axes of a placeholder: -1 is open; `null` declares no shape. */
export type TfShape = readonly number[] | null;

type Attribute = Readonly<Record<string, unknown>>;

/** A node of a graph. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, Attribute>>;
}

/** What {@link writeGraphModel} writes. */
export interface GraphModelParts {
  readonly nodes: readonly TfNode[];
  /** Names of nodes, with the port where it is not 0. */
  readonly outputs: readonly string[];
  /** Values of the nodes that are constants. */
  readonly weights?: tf.NamedTensorMap;
  /** A graph that is run once, such as one that fills hash tables. */
  readonly initializer?: { readonly nodes: readonly TfNode[]; readonly outputs: readonly string[] };
  /** Inputs that are tables: the placeholder's name, and the node that makes it. */
  readonly resources?: Readonly<Record<string, string>>;
}

const shapeOf = (shape: TfShape): Attribute =>
  shape === null
    ? { shape: { unknownRank: true } }
    : { shape: { dim: shape.map((size) => ({ size: String(size) })) } };

/** An input of a graph. */
export const placeholder = (name: string, type: TfType, shape: TfShape): TfNode => ({
  name,
  op: 'Placeholder',
  attr: { dtype: { type }, shape: shapeOf(shape) },
});

/** A constant, whose value is among the weights. */
export const constantNode = (name: string, type: TfType): TfNode => ({
  name,
  op: 'Const',
  attr: { dtype: { type } },
});

/** An operator. */
export const operator = (
  op: string,
  input: readonly string[],
  name: string,
  attr: TfNode['attr'] = {},
): TfNode => ({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });

/** The parts of a `model.json`, and its weights. */
export async function graphArtifacts(parts: GraphModelParts): Promise<tf.io.ModelArtifacts> {
  const { nodes, outputs, weights = {}, initializer, resources = {} } = parts;
  const { data, specs } = await tf.io.encodeWeights(weights);
  const placeholders = nodes.filter(({ op }) => op === 'Placeholder');
  const signature = {
    inputs: Object.fromEntries(
      placeholders.map(({ name, attr }) => {
        const resource = resources[name];
        const place = Object.keys(resources).indexOf(name);
        return [
          name,
          {
            name: `${name}:0`,
            dtype: attr?.dtype?.type,
            tensorShape: attr?.shape?.shape,
            ...(resource !== undefined && { resourceId: place + 1 }),
          },
        ];
      }),
    ),
    outputs: Object.fromEntries(
      outputs.map((name) => [name, { name: name.includes(':') ? name : `${name}:0` }]),
    ),
  };
  const tables = Object.fromEntries(
    Object.values(resources).map((name, place) => [
      name,
      { name: `${name}:0`, dtype: 'DT_RESOURCE', resourceId: place + 1 },
    ]),
  );
  return {
    format: 'graph-model',
    modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
    signature,
    ...(initializer && {
      modelInitializer: { node: initializer.nodes, library: {}, versions: { producer: 1 } },
      initializerSignature: { inputs: {}, outputs: tables },
    }),
    weightSpecs: specs,
    weightData: data,
  };
}

/** Writes `<folder>/model.json` and its weights. @returns the file */
export async function writeArtifacts(
  folder: string,
  { weightSpecs = [], weightData, ...json }: tf.io.ModelArtifacts,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const file = path.join(folder, 'model.json');
  await writeFile(file, JSON.stringify({ ...json, weightsManifest }));
  return file;
}
