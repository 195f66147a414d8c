import { textOf } from './bytes-element.ts';
import type { BytesElement, Tensor, TensorData } from './tensor.ts';

/**
 * Turns what the services answer into plain JSON: typed arrays become arrays, 64-bit integers
 * become numbers where they are exact and decimal strings where they are not. Everything else is
 * passed on as it is.
 */
export function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return bigintToJson(value);
  if (ArrayBuffer.isView(value))
    return typedArrayToJson(value as Exclude<TensorData, BytesElement[]>);
  if (Array.isArray(value)) return value.map(toJsonValue);
  return value;
}

/**
 * Data of a tensor as a flat JSON array, row-major. `BOOL` becomes booleans; the raw bits of `FP16`
 * and `BF16` become numbers. Values that are not finite become `null`, since JSON has none.
 */
export function tensorDataToJson(tensor: Tensor): unknown[] {
  const { datatype, data } = tensor;
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, (byte) => byte !== 0);
  if (datatype === 'FP16') return Array.from(data as Uint16Array, halfToNumber);
  if (datatype === 'BF16') return Array.from(data as Uint16Array, bfloatToNumber);
  return Array.isArray(data) ? data.map(textOf) : typedArrayToJson(data);
}

function typedArrayToJson(data: Exclude<TensorData, BytesElement[]>): unknown[] {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Array.from(data, bigintToJson);
  }
  // Three times as fast as Array.from, which asks for an iterator.
  const { length } = data;
  const numbers = new Array<number>(length);
  for (let i = 0; i < length; i++) numbers[i] = data[i] ?? 0;
  return numbers;
}

function bigintToJson(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

const scratch = new DataView(new ArrayBuffer(4));

function bfloatToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
