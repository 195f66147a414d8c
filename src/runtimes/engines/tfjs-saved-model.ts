import type * as TF from '@tensorflow/tfjs-core';
import type { TensorSpec } from '../../tensor/tensor.ts';
import type { TfjsLibrary } from './tfjs-backend.ts';
import type { TfjsRunner } from './tfjs-runner.ts';
import { datatypeOf } from './tfjs-tensors.ts';

type Declared = Readonly<
  Record<string, { readonly dtype: string; readonly shape: readonly number[] }>
>;

/**
 * Opens a SavedModel folder of TensorFlow.
 *
 * @throws {Error} without native TensorFlow, which alone can run it
 */
export async function openSavedModel(tf: TfjsLibrary, folder: string): Promise<TfjsRunner> {
  if (!tf.node) {
    throw new Error(
      'a SavedModel needs native TensorFlow (@tensorflow/tfjs-node), which is not installed here; ' +
        'convert it to a TensorFlow.js graph model or to ONNX',
    );
  }
  const [graph] = await tf.node.getMetaGraphsFromSavedModel(folder);
  const signature = Object.values(graph?.signatureDefs ?? {})[0];
  const model = await tf.node.loadSavedModel(folder);
  const outputs = specsOf(signature?.outputs as Declared | undefined);
  return {
    inputs: specsOf(signature?.inputs as Declared | undefined),
    outputs,
    run(inputs, wanted) {
      const result = model.predict(inputs, {});
      if (result instanceof tf.Tensor) return [result];
      const byName: Record<string, TF.Tensor | undefined> = Array.isArray(result)
        ? Object.fromEntries(outputs.map(({ name }, i) => [name, result[i]]))
        : result;
      for (const [name, tensor] of Object.entries(byName)) {
        if (!wanted.includes(name)) tensor?.dispose();
      }
      return wanted.flatMap((name) => byName[name] ?? []);
    },
    isWeight: () => false,
    dispose: () => model.dispose(),
  };
}

function specsOf(entries: Declared | undefined): TensorSpec[] {
  return Object.entries(entries ?? {}).map(([name, { dtype, shape }]) => ({
    name,
    datatype: datatypeOf(dtype),
    shape: shape.map((size) => (size > 0 ? size : null)),
  }));
}
