import { endianness } from 'node:os';
import { badInput } from '../errors.ts';
import { toBytesElement } from '../tensor/bytes-element.ts';
import {
  allocate,
  type BytesElement,
  type Datatype,
  type Tensor,
  type TensorData,
} from '../tensor/tensor.ts';

/**
 * Tensors as raw bytes: row-major, little-endian, BOOL one byte each, BYTES as the length of each
 * element (uint32) and its bytes. The binary tensor data extension of the Open Inference Protocol
 * and `raw_input_contents` of its gRPC have the same form.
 */

const BIG_ENDIAN = endianness() === 'BE';

/** Bytes of the length in front of each element of a BYTES tensor. */
const LENGTH_BYTES = 4;

const ELEMENT_BYTES: Readonly<Record<Exclude<Datatype, 'BYTES'>, number>> = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  BF16: 2,
  FP32: 4,
  FP64: 8,
};

/**
 * Reads the elements of a tensor.
 *
 * @param what names the tensor in messages: `Input "x"`
 * @param bytes are copied where they are not aligned, else the data may be a view of them
 * @throws {ServiceError} `BAD_USER_INPUT` where there are more or fewer bytes than `count` elements
 *   need, or a BOOL is neither 0 nor 1
 */
export function decodeRaw(
  what: string,
  datatype: Datatype,
  count: number,
  bytes: Uint8Array,
): TensorData {
  if (datatype === 'BYTES') return decodeElements(what, count, bytes);
  const size = ELEMENT_BYTES[datatype];
  if (bytes.length !== count * size) {
    throw badInput(
      `${what} has ${bytes.length} bytes of data; its shape needs ${count * size} (${count} × ${size} bytes of ${datatype}).`,
    );
  }
  const data = allocate(datatype, count);
  const target = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  target.set(bytes);
  if (BIG_ENDIAN) swapBytes(target, size);
  if (datatype === 'BOOL' && target.some((byte) => byte > 1)) {
    throw badInput(`${what} holds a BOOL that is neither 0 nor 1.`);
  }
  return data;
}

function decodeElements(what: string, count: number, bytes: Uint8Array): BytesElement[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Held against the bytes before anything is allocated: the shape may be nonsense.
  if (count * LENGTH_BYTES > buffer.length) throw truncated(what, count);
  const elements: BytesElement[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + LENGTH_BYTES > buffer.length) throw truncated(what, count);
    const length = buffer.readUInt32LE(at);
    at += LENGTH_BYTES;
    if (at + length > buffer.length) throw truncated(what, count);
    elements.push(toBytesElement(buffer.subarray(at, at + length)));
    at += length;
  }
  if (at !== buffer.length) {
    throw badInput(`${what} has ${buffer.length - at} bytes after its ${count} elements.`);
  }
  return elements;
}

const truncated = (what: string, count: number) =>
  badInput(
    `${what} ends before its ${count} elements do; each is its length (uint32, little-endian) and its bytes.`,
  );

/** The raw bytes of a tensor's elements; may be a view of them. */
export function encodeRaw({ datatype, data }: Pick<Tensor, 'datatype' | 'data'>): Buffer {
  if (Array.isArray(data)) return encodeElements(data);
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!BIG_ENDIAN || datatype === 'BYTES') return bytes;
  const copy = Buffer.from(bytes);
  swapBytes(copy, ELEMENT_BYTES[datatype]);
  return copy;
}

function encodeElements(elements: readonly BytesElement[]): Buffer {
  const lengths = elements.map((element) => Buffer.byteLength(element));
  const total = lengths.reduce((sum, length) => sum + LENGTH_BYTES + length, 0);
  const buffer = Buffer.allocUnsafe(total);
  let at = 0;
  for (const [i, element] of elements.entries()) {
    at = buffer.writeUInt32LE(lengths[i] ?? 0, at);
    if (typeof element === 'string') at += buffer.write(element, at, 'utf8');
    else {
      buffer.set(element, at);
      at += element.length;
    }
  }
  return buffer;
}

function swapBytes(bytes: Buffer, elementBytes: number): void {
  if (elementBytes === 2) bytes.swap16();
  else if (elementBytes === 4) bytes.swap32();
  else if (elementBytes === 8) bytes.swap64();
}
