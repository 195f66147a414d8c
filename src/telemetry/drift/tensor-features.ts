import { numberReader } from '../../tensor/read-number.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { FeatureSource } from '../../services/drift.ts';
import type { FeatureSpec, FeatureValue } from './features.ts';

/** Most elements of a tensor that are looked at; larger ones are looked at in steps. */
const MAX_ELEMENTS = 4096;

/** What is measured of a tensor of numbers, in this order; the distance needs a centroid. */
export function tensorFeatures(prefix: string, source: FeatureSource): FeatureSpec[] {
  return ['mean', 'norm', 'distance'].map((what) => ({
    name: `${prefix}.${what}`,
    source,
    kind: 'numeric',
  }));
}

/**
 * Measures a tensor: mean of its elements, Euclidean norm, and cosine distance (0 to 2) to the
 * centroid of the reference. All are `null` for texts and empty tensors.
 *
 * @param centroid elements as {@link sample} takes them; without one the distance is `null`
 */
export function measureTensor(
  tensor: Tensor | undefined,
  centroid: ArrayLike<number> | null,
  to: FeatureValue[],
  at: number,
): void {
  to[at] = null;
  to[at + 1] = null;
  to[at + 2] = null;
  if (!tensor || tensor.datatype === 'BYTES' || tensor.data.length === 0) return;
  const read = numberReader(tensor);
  const { length } = tensor.data;
  const step = stepOf(length);
  let [count, sum, squares, dot, centroidSquares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; i += step) {
    const value = read(i);
    const centre = centroid?.[count] ?? 0;
    sum += value;
    squares += value * value;
    dot += value * centre;
    centroidSquares += centre * centre;
    count++;
  }
  to[at] = sum / count;
  to[at + 1] = Math.sqrt(squares * (length / count));
  if (centroid?.length !== count || squares === 0 || centroidSquares === 0) return;
  to[at + 2] = 1 - dot / Math.sqrt(squares * centroidSquares);
}

/** Elements that {@link measureTensor} looks at; `null` for texts and empty tensors. */
export function sample(tensor: Tensor | undefined): Float64Array | null {
  if (!tensor || tensor.datatype === 'BYTES' || tensor.data.length === 0) return null;
  const read = numberReader(tensor);
  const step = stepOf(tensor.data.length);
  return Float64Array.from({ length: Math.ceil(tensor.data.length / step) }, (_, i) =>
    read(i * step),
  );
}

const stepOf = (length: number): number => Math.ceil(length / MAX_ELEMENTS);
