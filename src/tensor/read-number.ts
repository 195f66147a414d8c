import { fromBfloat, fromHalf } from './half.ts';
import type { Datatype, Tensor } from './tensor.ts';

const HALVES: Readonly<Partial<Record<Datatype, (bits: number) => number>>> = {
  FP16: fromHalf,
  BF16: fromBfloat,
};

/** Reads an element of a tensor of numbers. */
export function numberReader({
  datatype,
  data,
}: Pick<Tensor, 'datatype' | 'data'>): (at: number) => number {
  const half = HALVES[datatype];
  if (half) return (at) => half((data as Uint16Array)[at] ?? 0);
  if (datatype === 'INT64' || datatype === 'UINT64') return (at) => Number(data[at]);
  return (at) => (data as Float32Array)[at] ?? 0;
}
