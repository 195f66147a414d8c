import type { Signature } from './tensor.ts';

/**
 * Names that exporters make up where nobody gave one. They say nothing, contain characters that
 * other languages refuse, and change from one export to the next: `onnx::Gemm_0`, `42`,
 * `/encoder/layer.0/Gemm_output_0` (PyTorch), `StatefulPartitionedCall:0`, `Identity_1`,
 * `dense_2/BiasAdd:0` (TensorFlow), `variable` (skl2onnx keeps its own, which say something).
 */
const GENERATED = [
  /^\d+$/,
  /::/,
  /[/:]/,
  /^(?:Stateful)?PartitionedCall(?:_\d+)?$/,
  /^Identity(?:_\d+)?$/,
];

/** A SavedModel's own name of an input inside the name that its default signature has. */
const SERVING_DEFAULT = /^serving_default_(.+?)(?::\d+)?$/;

/** Whether an exporter made this name of a tensor up. */
export function isGeneratedName(name: string): boolean {
  return !SERVING_DEFAULT.test(name) && GENERATED.some((pattern) => pattern.test(name));
}

/** What of a model {@link namingHint} looks at. */
export interface NamedModel {
  readonly signature?: Signature | null | undefined;
  /** Kinds of input and output: only `tensors` are shown by their own names. */
  readonly inputKind?: string | null | undefined;
  readonly outputKind?: string | null | undefined;
}

/**
 * How the owner of a model gives the tensors that the API shows names that say something; `undefined`
 * where they have them.
 */
export function namingHint({ signature, inputKind, outputKind }: NamedModel): string | undefined {
  const shown = [
    ...(inputKind === 'tensors' ? (signature?.inputs ?? []) : []),
    ...(outputKind === 'tensors' ? (signature?.outputs ?? []) : []),
  ];
  const generated = shown.flatMap(({ name }) => (isGeneratedName(name) ? `"${name}"` : []));
  if (generated.length === 0) return undefined;
  return (
    `the exporter made up the names ${generated.join(', ')}; name them with ` +
    "torch.onnx.export(…, input_names=['…'], output_names=['…']) to have them in the API"
  );
}

/**
 * Names to show instead of those that an exporter made up: `input`, or `input1`, `input2` … where
 * several are (counted by position in the signature); `serving_default_x:0` becomes `x`. All others
 * stay as they are. The names follow from the signature alone, so they are the same at each load.
 *
 * @param names names of all inputs, or of all outputs, of a signature, in order
 * @param word what they are: `input` or `output`
 */
export function pleasantNames(names: readonly string[], word: 'input' | 'output'): string[] {
  const generated = names.filter(isGeneratedName).length;
  const taken = new Set(names);
  return names.map((name, i) => {
    const own = SERVING_DEFAULT.exec(name)?.[1];
    if (own !== undefined && !taken.has(own)) return own;
    if (!isGeneratedName(name)) return name;
    const wanted = generated === 1 ? word : `${word}${i + 1}`;
    return taken.has(wanted) ? name : wanted;
  });
}
