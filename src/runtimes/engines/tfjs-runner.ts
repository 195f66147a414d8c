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
  dispose(): void;
}

/** What `signature` of a `model.json` says of one tensor. */
interface DeclaredTensor {
  readonly name?: string;
  readonly dtype?: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size?: string | number }[] };
}

/** `signature` of a `model.json`, as converters write it. */
export interface DeclaredSignature {
  readonly outputs?: Readonly<Record<string, DeclaredTensor>>;
}

/**
 * Runs a graph model. Its outputs often know no shape of their own: what the file's signature
 * declares stands in.
 */
export function graphRunner(
  model: GraphModel,
  declared: DeclaredSignature | undefined,
): TfjsRunner {
  const { executor } = model as unknown as { executor: { isControlFlowModel?: boolean } };
  const isAsync = executor.isControlFlowModel === true;
  const known = new Map(
    Object.entries(declared?.outputs ?? {}).map(([key, tensor]) => [
      stripPort(tensor.name ?? key),
      tensor,
    ]),
  );
  const outputs = model.outputs.map((info) => {
    const tensor = known.get(stripPort(info.name));
    // Some operators do not tell the type of what they give; what really comes out is told by the run.
    const dtype = (info.dtype as string | undefined) ?? tensor?.dtype ?? 'float32';
    const spec = specOf({ ...info, dtype });
    const isKnown = info.shape && info.shape.length > 0;
    return isKnown ? spec : { ...spec, shape: (tensor && shapeOf(tensor)) ?? spec.shape };
  });
  const nodes = new Map(outputs.map(({ name }, i) => [name, model.outputs[i]?.name ?? name]));
  const keys = new Map(model.inputs.map((input) => [stripPort(input.name), input.name]));
  return {
    inputs: model.inputs.map(specOf),
    outputs,
    async run(inputs, wanted) {
      const feeds: TF.NamedTensorMap = {};
      for (const [name, tensor] of Object.entries(inputs)) feeds[keys.get(name) ?? name] = tensor;
      const fetches = wanted.map((name) => nodes.get(name) ?? name);
      const result = isAsync
        ? await model.executeAsync(feeds, fetches)
        : model.execute(feeds, fetches);
      return Array.isArray(result) ? result : [result];
    },
    dispose: () => model.dispose(),
  };
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
    dispose: () => void model.dispose(),
  };
}

const stripPort = (name: string): string => name.replace(/:\d+$/, '');

function shapeOf({ tensorShape }: DeclaredTensor): (number | null)[] | undefined {
  return tensorShape?.dim?.map(({ size }) => {
    const number = Number(size);
    return Number.isInteger(number) && number >= 0 ? number : null;
  });
}

function specOf(info: {
  name: string;
  dtype: string;
  shape?: readonly (number | null)[] | undefined;
}): TensorSpec {
  return {
    name: stripPort(info.name),
    datatype: datatypeOf(info.dtype),
    shape: (info.shape ?? []).map((size) => (size === null || size < 0 ? null : size)),
  };
}
