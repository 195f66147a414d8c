import { textOf } from './bytes-element.ts';
import { fromBfloat, fromHalf } from './half.ts';
import type { BytesElement, Tensor, TensorData } from './tensor.ts';

/**
 * Turns what the services answer into plain JSON: typed arrays become arrays, 64-bit integers
 * become numbers where they are exact and decimal strings where they are not, numbers that JSON does
 * not have become their names: "NaN", "Infinity", "-Infinity". Everything else is passed on.
 */
export function toJsonValue(value: unknown): unknown {
  if (typeof value === 'number') return numberToJson(value);
  if (typeof value === 'bigint') return bigintToJson(value);
  if (ArrayBuffer.isView(value))
    return typedArrayToJson(value as Exclude<TensorData, BytesElement[]>);
  if (Array.isArray(value)) return value.map(toJsonValue);
  return value;
}

/**
 * Data of a tensor as a flat JSON array, row-major. `BOOL` becomes booleans; the raw bits of `FP16`
 * and `BF16` become numbers. Values that are not finite become their names, as text: JSON has none.
 */
export function tensorDataToJson(tensor: Tensor): unknown[] {
  const { datatype, data } = tensor;
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, (byte) => byte !== 0);
  if (datatype === 'FP16') {
    return Array.from(data as Uint16Array, (bits) => numberToJson(fromHalf(bits)));
  }
  if (datatype === 'BF16') {
    return Array.from(data as Uint16Array, (bits) => numberToJson(fromBfloat(bits)));
  }
  return Array.isArray(data) ? data.map(textOf) : typedArrayToJson(data);
}

function typedArrayToJson(data: Exclude<TensorData, BytesElement[]>): unknown[] {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Array.from(data, bigintToJson);
  }
  // Three times as fast as Array.from, which asks for an iterator.
  const { length } = data;
  const numbers = new Array<number | string>(length);
  for (let i = 0; i < length; i++) {
    const value = data[i] ?? 0;
    numbers[i] = Number.isFinite(value) ? value : String(value);
  }
  return numbers;
}

function numberToJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function bigintToJson(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
