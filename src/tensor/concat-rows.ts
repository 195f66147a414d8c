import { allocate, copyInto, type Tensor, type TensorMap } from './tensor.ts';

/** Joins tensors of equal shapes (but for axis 0) along axis 0. */
export function concatRows(parts: readonly TensorMap[]): TensorMap {
  const [first] = parts;
  if (!first) return {};
  const joined: Record<string, Tensor> = {};
  for (const [name, { datatype, shape }] of Object.entries(first)) {
    let rows = 0;
    let length = 0;
    for (const part of parts) {
      rows += part[name]?.shape[0] ?? 1;
      length += part[name]?.data.length ?? 0;
    }
    const data = allocate(datatype, length);
    let at = 0;
    for (const part of parts) {
      const source = part[name]?.data;
      if (!source) continue;
      copyInto(data, source, at);
      at += source.length;
    }
    joined[name] = { datatype, shape: shape.length === 0 ? [] : [rows, ...shape.slice(1)], data };
  }
  return joined;
}
