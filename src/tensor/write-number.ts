import type { Datatype, TensorData } from './tensor.ts';
import { toBfloat, toHalf } from './half.ts';
import { INTEGER_RANGES } from './integer-ranges.ts';

/** Puts a number into the data of a tensor. */
export type WriteNumber = (data: TensorData, at: number, value: number) => void;

/** The way in which numbers are put into tensors of a type; BYTES has none. */
export function numberWriter(datatype: Exclude<Datatype, 'BYTES'>): WriteNumber {
  switch (datatype) {
    case 'INT64':
    case 'UINT64':
      return (data, at, value) => {
        (data as BigInt64Array)[at] = BigInt(value);
      };
    case 'FP16':
      return (data, at, value) => {
        (data as Uint16Array)[at] = toHalf(value);
      };
    case 'BF16':
      return (data, at, value) => {
        (data as Uint16Array)[at] = toBfloat(value);
      };
    default:
      return (data, at, value) => {
        (data as Float32Array)[at] = value;
      };
  }
}

/** Whether numbers with a fraction can be put into tensors of this type. */
export function isFloating(datatype: Datatype): boolean {
  return datatype.startsWith('FP') || datatype === 'BF16';
}

/** Least and greatest whole number that a tensor of an integer type takes from JSON. */
export function integerRange(datatype: Datatype): readonly [number, number] {
  const least = datatype === 'UINT64' ? 0 : Number.MIN_SAFE_INTEGER;
  return INTEGER_RANGES[datatype] ?? [least, Number.MAX_SAFE_INTEGER];
}

/** Greatest finite value of the floating types. */
const LARGEST: Readonly<Record<string, number>> = {
  FP16: 65_504,
  BF16: 3.3895313892515355e38,
  FP32: 3.4028234663852886e38,
  FP64: Number.MAX_VALUE,
};

/** Whether a floating type holds a number as a finite value; NaN and infinities never are. */
export function fitsFloat(datatype: Datatype, value: number): boolean {
  return Math.abs(value) <= (LARGEST[datatype] ?? Number.MAX_VALUE);
}
