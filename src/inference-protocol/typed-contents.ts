import { badInput } from '../errors.ts';
import { toBytesElement } from '../tensor/bytes-element.ts';
import { INTEGER_RANGES } from '../tensor/integer-ranges.ts';
import { allocate, type BytesElement, type Datatype, type TensorData } from '../tensor/tensor.ts';
import { type Int64, type TensorContentsMessage, toBigInt } from './messages.ts';

type Field = keyof TensorContentsMessage;

const FIELDS: Readonly<Partial<Record<Datatype, Field>>> = {
  BOOL: 'bool_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

/** Whether a tensor brings any typed contents. */
export function hasContents(contents: TensorContentsMessage | null | undefined): boolean {
  if (!contents) return false;
  return Object.values(FIELDS).some((field) => (contents[field]?.length ?? 0) > 0);
}

/**
 * Reads the typed contents of a tensor.
 *
 * @param what names the tensor in messages: `Input "x"`
 * @throws {ServiceError} `BAD_USER_INPUT` for datatypes without typed contents (FP16, BF16), contents
 *   in the field of another datatype, another number of them than the shape needs, or one that the
 *   datatype cannot hold
 */
export function readContents(
  what: string,
  datatype: Datatype,
  count: number,
  contents: TensorContentsMessage,
): TensorData {
  const field = FIELDS[datatype];
  if (field === undefined) {
    throw badInput(`${what}: ${datatype} has no typed contents; send it as raw contents.`);
  }
  for (const other of new Set(Object.values(FIELDS))) {
    if (other !== field && (contents[other]?.length ?? 0) > 0) {
      throw badInput(`${what} is ${datatype}, whose contents are in ${field}, not ${other}.`);
    }
  }
  const values = contents[field] ?? [];
  if (values.length !== count) {
    throw badInput(`${what} has ${values.length} elements; its shape needs ${count}.`);
  }
  const data = allocate(datatype, count);
  switch (datatype) {
    case 'BYTES':
      return (values as readonly Uint8Array[]).map((bytes): BytesElement => toBytesElement(bytes));
    case 'INT64':
    case 'UINT64':
      (values as readonly Int64[]).forEach((value, i) => {
        (data as BigInt64Array)[i] = toBigInt(value, datatype === 'UINT64');
      });
      return data;
    default: {
      const [least, most] = INTEGER_RANGES[datatype] ?? [-Infinity, Infinity];
      (values as readonly (number | boolean)[]).forEach((value, i) => {
        const number = Number(value);
        if (number < least || number > most) {
          throw badInput(`${what}: element ${i} is not a valid ${datatype}.`);
        }
        (data as Float32Array)[i] = number;
      });
      return data;
    }
  }
}
