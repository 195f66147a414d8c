import type * as TF from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TensorSpec } from '../../tensor/tensor.ts';
import { datatypeOf } from './tfjs-tensors.ts';

/** The differences between the formats of models: names, and how a batch is run. */
export interface TfjsRunner {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /**
   * Runs a batch.
   *
   * @returns the wanted outputs in order, to be disposed by the caller
   */
  run(inputs: TF.NamedTensorMap, outputs: readonly string[]): Promise<TF.Tensor[]> | TF.Tensor[];
  /** Whether a tensor that came out belongs to the model, and so must not be disposed. */
  isWeight(tensor: TF.Tensor): boolean;
  dispose(): void;
}

/** What `signature` of a `model.json` says of one tensor. */
interface DeclaredTensor {
  readonly name?: string;
  readonly dtype?: string;
  /** Names the hash table that an input takes. */
  readonly resourceId?: number;
  readonly tensorShape?: {
    readonly unknownRank?: boolean;
    readonly dim?: readonly { readonly size?: string | number }[];
  };
}

/** `signature` of a `model.json`, as converters write it. */
export interface DeclaredSignature {
  readonly inputs?: Readonly<Record<string, DeclaredTensor>>;
  readonly outputs?: Readonly<Record<string, DeclaredTensor>>;
}

/** The parts of a graph model that its types hide. */
interface GraphInternals {
  readonly executor: {
    readonly graph: { readonly nodes: Readonly<Record<string, { readonly op: string }>> };
  };
}

/** Part of the message with which the library refuses to run an operator without waiting. */
const NEEDS_ASYNC = 'model.executeAsync()';

/**
 * Runs a graph model. Its outputs often know no shape of their own: what the file's signature
 * declares stands in. Operators whose results have sizes that only the run tells need the library's
 * asynchronous way, which the first run finds out.
 */
export function graphRunner(
  model: GraphModel,
  declared: DeclaredSignature | undefined,
): TfjsRunner {
  const { nodes } = (model as unknown as GraphInternals).executor.graph;
  // Hash tables come from the graph that initializes the model, never from a client.
  const resources = new Set(
    Object.values(declared?.inputs ?? {}).flatMap(({ name, resourceId }) =>
      resourceId === undefined || name === undefined ? [] : [stripPort(name)],
    ),
  );
  const inputs = model.inputs.filter(
    ({ name, dtype }) => !resources.has(stripPort(name)) && (dtype as string | null) !== null,
  );
  const outputs = outputsOf(model, declared);
  const fetchNames = new Map(outputs.map(({ spec, fetch }) => [spec.name, fetch]));
  const keys = new Map(inputs.map((input) => [stripPort(input.name), input.name]));
  let isAsync = false;
  return {
    inputs: inputs.map((info) => ({
      ...specOf(info),
      ...(nodes[info.name]?.op === 'PlaceholderWithDefault' && { optional: true }),
    })),
    outputs: outputs.map(({ spec }) => spec),
    async run(given, wanted) {
      const feeds: TF.NamedTensorMap = {};
      for (const [name, tensor] of Object.entries(given)) feeds[keys.get(name) ?? name] = tensor;
      const fetches = wanted.map((name) => fetchNames.get(name) ?? name);
      let result: TF.Tensor | TF.Tensor[];
      if (isAsync) result = await model.executeAsync(feeds, fetches);
      else {
        try {
          result = model.execute(feeds, fetches);
        } catch (thrown) {
          if (!(thrown instanceof Error && thrown.message.includes(NEEDS_ASYNC))) throw thrown;
          isAsync = true;
          result = await model.executeAsync(feeds, fetches);
        }
      }
      return Array.isArray(result) ? result : [result];
    },
    isWeight: (tensor) => Object.values(model.weights).some((held) => held.includes(tensor)),
    dispose: () => model.dispose(),
  };
}

/** The outputs of a graph model, and the names under which the library knows them. */
function outputsOf(
  model: GraphModel,
  declared: DeclaredSignature | undefined,
): { readonly spec: TensorSpec; readonly fetch: string }[] {
  const tensors = Object.entries(declared?.outputs ?? {}).map(([key, tensor]) => ({
    name: tensor.name ?? key,
    tensor,
  }));
  // A node with several outputs stands in the list once for each that the signature names.
  const isParallel =
    tensors.length === model.outputs.length &&
    tensors.every(({ name }, i) => stripPort(name) === stripPort(model.outputs[i]?.name ?? ''));
  return model.outputs.map((info, i) => {
    const known = isParallel
      ? tensors[i]
      : tensors.find(({ name }) => stripPort(name) === stripPort(info.name));
    // Some operators do not tell the type of what they give; what really comes out is told by the run.
    const dtype = (info.dtype as string | undefined) ?? known?.tensor.dtype ?? 'float32';
    const spec = specOf({ ...info, dtype });
    const isKnown = info.shape && info.shape.length > 0;
    const shape = isKnown ? spec.shape : known && shapeOf(known.tensor);
    const port = isParallel ? (/:(\d+)$/.exec(known?.name ?? '')?.[1] ?? '0') : '0';
    const name = port === '0' ? spec.name : `${spec.name}:${port}`;
    return {
      spec: {
        name,
        datatype: spec.datatype,
        ...(shape ? { shape } : { shape: [], unranked: true }),
      },
      fetch: port === '0' ? info.name : name,
    };
  });
}

/** Runs a layers (Keras) model. It always computes all outputs; those not wanted are dropped. */
export function layersRunner(model: LayersModel): TfjsRunner {
  const outputs = model.outputs.map((output, i) => ({
    ...specOf(output),
    name: model.outputNames[i] ?? output.name,
  }));
  // A Sequential model has no input names of its own before it is built.
  const declared = model.inputs.map((input, i) => ({
    ...specOf(input),
    name: model.inputNames[i] ?? input.name,
  }));
  return {
    inputs: declared,
    outputs,
    run(inputs, wanted) {
      const feeds = declared.map(({ name }) => {
        const tensor = inputs[name];
        if (!tensor) throw new Error(`input "${name}" is missing`);
        return tensor;
      });
      // Without a batch size of its own it would cut the batch into pieces of 32 rows.
      const batchSize = Math.max(1, feeds[0]?.shape[0] ?? 1);
      const result = model.predict(feeds.length === 1 && feeds[0] ? feeds[0] : feeds, {
        batchSize,
      });
      const all = Array.isArray(result) ? result : [result];
      const byName = new Map(outputs.map(({ name }, i) => [name, all[i]]));
      for (const [name, tensor] of byName) if (!wanted.includes(name)) tensor?.dispose();
      return wanted.flatMap((name) => byName.get(name) ?? []);
    },
    isWeight: () => false,
    dispose: () => void model.dispose(),
  };
}

const stripPort = (name: string): string => name.replace(/:\d+$/, '');

function shapeOf({ tensorShape }: DeclaredTensor): (number | null)[] | undefined {
  if (!tensorShape || tensorShape.unknownRank) return undefined;
  return (tensorShape.dim ?? []).map(({ size }) => {
    const number = Number(size);
    return Number.isInteger(number) && number >= 0 ? number : null;
  });
}

function specOf(info: {
  name: string;
  dtype?: string | undefined;
  shape?: readonly (number | null)[] | undefined;
}): TensorSpec {
  const { shape } = info;
  return {
    name: stripPort(info.name),
    datatype: datatypeOf(info.dtype ?? 'float32'),
    // A dimension that the converter could not read is as good as open.
    shape: (shape ?? []).map((size) => (size === null || !(size >= 0) ? null : size)),
    ...(shape === undefined && { unranked: true }),
  };
}
