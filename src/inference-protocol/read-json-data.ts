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
  const flat = (given as unknown[]).flat<unknown[], 16>(16);
  if (flat.length !== expected) {
    throw badInput(`${what} has ${flat.length} elements; its shape needs ${expected}.`);
  }
  const data = allocate(datatype, expected);
  const range = INTEGER_RANGES[datatype];
  for (const [i, value] of flat.entries()) {
    const bad = () => badInput(`${what}: element ${i} is not a valid ${datatype}.`);
    switch (datatype) {
      case 'BYTES':
        if (typeof value !== 'string' && !(value instanceof Uint8Array)) throw bad();
        (data as BytesElement[])[i] = value;
        break;
      case 'BOOL':
        if (typeof value !== 'boolean' && value !== 0 && value !== 1) throw bad();
        (data as Uint8Array)[i] = Number(value);
        break;
      case 'INT64':
      case 'UINT64':
        (data as BigInt64Array)[i] = readBigInt(value, datatype, bad);
        break;
      case 'FP16':
        (data as Uint16Array)[i] = toHalf(readNumber(datatype, value, bad));
        break;
      case 'BF16':
        (data as Uint16Array)[i] = toBfloat(readNumber(datatype, value, bad));
        break;
      default: {
        const number = readNumber(datatype, value, bad);
        if (range && (!Number.isInteger(number) || number < range[0] || number > range[1]))
          throw bad();
        (data as Float32Array)[i] = number;
      }
    }
  }
  return data;
}

/** Long numbers may come as bigints, where all their digits were kept. */
function readNumber(datatype: Datatype, value: unknown, bad: () => Error): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !fitsFloat(datatype, number)) throw bad();
  return number;
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
