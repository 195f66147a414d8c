import { badInput } from '../errors.ts';
import { toBfloat, toHalf } from '../tensor/half.ts';
import { INTEGER_RANGES } from '../tensor/integer-ranges.ts';
import { fitsFloat } from '../tensor/write-number.ts';
import { allocate, type BytesElement, type Datatype, type TensorData } from '../tensor/tensor.ts';

/**
 * Reads the elements of a tensor from JSON.
 *
 * @param what names the tensor in messages: `Input "x"`
 * @param expected number of elements that its shape needs
 * @param given flat or nested; numbers that no double holds may be bigints or decimal strings
 * @throws {ServiceError} `BAD_USER_INPUT` for another number of elements, or one that is not of the
 *   datatype
 */
export function readJsonData(
  what: string,
  datatype: Datatype,
  expected: number,
  given: readonly unknown[],
): TensorData {
  const flat = given.some(Array.isArray) ? (given as unknown[]).flat<unknown[], 16>(16) : given;
  if (flat.length !== expected) {
    throw badInput(`${what} has ${flat.length} elements; its shape needs ${expected}.`);
  }
  const data = allocate(datatype, expected);
  const bad = (at: number) => badInput(`${what}: element ${at} is not a valid ${datatype}.`);
  switch (datatype) {
    case 'BYTES':
      for (let i = 0; i < expected; i++) {
        const value = flat[i];
        if (typeof value !== 'string' && !(value instanceof Uint8Array)) throw bad(i);
        (data as BytesElement[])[i] = value;
      }
      break;
    case 'BOOL':
      for (let i = 0; i < expected; i++) {
        const value = flat[i];
        if (typeof value !== 'boolean' && value !== 0 && value !== 1) throw bad(i);
        (data as Uint8Array)[i] = Number(value);
      }
      break;
    case 'INT64':
    case 'UINT64':
      for (let i = 0; i < expected; i++) {
        (data as BigInt64Array)[i] = readBigInt(flat[i], datatype, () => bad(i));
      }
      break;
    case 'FP16':
      for (let i = 0; i < expected; i++) {
        (data as Uint16Array)[i] = toHalf(readNumber(flat[i], datatype, () => bad(i)));
      }
      break;
    case 'BF16':
      for (let i = 0; i < expected; i++) {
        (data as Uint16Array)[i] = toBfloat(readNumber(flat[i], datatype, () => bad(i)));
      }
      break;
    case 'FP32':
    case 'FP64':
      for (let i = 0; i < expected; i++) {
        (data as Float32Array)[i] = readNumber(flat[i], datatype, () => bad(i));
      }
      break;
    default: {
      const [least, greatest] = INTEGER_RANGES[datatype] ?? [0, 0];
      for (let i = 0; i < expected; i++) {
        const value = toNumber(flat[i]);
        if (!Number.isInteger(value) || (value as number) < least || (value as number) > greatest)
          throw bad(i);
        (data as Int32Array)[i] = value as number;
      }
    }
  }
  return data;
}

/** Names of the numbers that JSON does not have. */
const NOT_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** A number of floating point, or the name of one that JSON does not have. */
function readNumber(given: unknown, datatype: Datatype, bad: () => Error): number {
  const value = toNumber(given);
  if (typeof value === 'number' && fitsFloat(datatype, value)) return value;
  const named = NOT_FINITE.get(value);
  if (named === undefined) throw bad();
  return named;
}

/** Long numbers may come as bigints, where all their digits were kept. */
function toNumber(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** 64-bit integers may come as numbers (exact up to 2^53), bigints or decimal strings. */
function readBigInt(value: unknown, datatype: 'INT64' | 'UINT64', bad: () => Error): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!isWhole && !(typeof value === 'string' && /^-?\d{1,20}$/.test(value))) throw bad();
  const big = BigInt(value as number | bigint | string);
  const wrapped = datatype === 'INT64' ? BigInt.asIntN(64, big) : BigInt.asUintN(64, big);
  if (wrapped !== big) throw bad();
  return big;
}
