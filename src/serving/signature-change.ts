import { formatShape, type Signature, type TensorSpec } from '../tensor/tensor.ts';

/** What clients rely on of a version. */
export interface VersionContract {
  readonly inputKind: string;
  readonly outputKind: string;
  readonly signature: Signature;
  readonly labels: readonly string[] | null;
  /** Columns that must be sent; `null` for other kinds of input. */
  readonly requiredColumns: readonly string[] | null;
}

/**
 * What of a new version breaks clients of the old one: another kind of input or output, a label or
 * an output gone, an input or a required column that they do not send. More labels, more outputs and
 * fewer needs break nobody.
 *
 * @returns one line for each difference that breaks, empty when none does
 */
export function breakingChanges(before: VersionContract, after: VersionContract): string[] {
  const lines: string[] = [];
  if (before.inputKind !== after.inputKind) {
    lines.push(`input kind: ${before.inputKind} → ${after.inputKind}`);
  }
  if (before.outputKind !== after.outputKind) {
    lines.push(`output kind: ${before.outputKind} → ${after.outputKind}`);
  }
  for (const label of before.labels ?? []) {
    if (!after.labels?.includes(label)) lines.push(`label "${label}" is gone`);
  }
  for (const column of after.requiredColumns ?? []) {
    if (before.requiredColumns && !before.requiredColumns.includes(column)) {
      lines.push(`column "${column}" is required now`);
    }
  }
  // Tensors are seen by clients only where they are the input or output itself.
  if (after.inputKind === 'tensors') {
    lines.push(...changedTensors('input', before.signature.inputs, after.signature.inputs));
    for (const { name } of after.signature.inputs) {
      if (!before.signature.inputs.some((spec) => spec.name === name)) {
        lines.push(`input "${name}" is required now`);
      }
    }
  }
  if (after.outputKind === 'tensors') {
    lines.push(...changedTensors('output', before.signature.outputs, after.signature.outputs));
  }
  return lines;
}

function changedTensors(
  side: 'input' | 'output',
  before: readonly TensorSpec[],
  after: readonly TensorSpec[],
): string[] {
  return before.flatMap((old) => {
    const now = after.find(({ name }) => name === old.name);
    if (!now) return [`${side} "${old.name}" is gone`];
    const was = describe(old);
    return was === describe(now) ? [] : [`${side} "${old.name}": ${was} → ${describe(now)}`];
  });
}

const describe = ({ datatype, shape }: TensorSpec): string => `${datatype} ${formatShape(shape)}`;
