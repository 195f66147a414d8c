import { endianness } from 'node:os';
import {
  allocate,
  elementCount,
  type BytesElement,
  type Datatype,
  type Tensor,
  type TensorData,
  type TensorMap,
} from '../tensor/tensor.ts';

/**
 * The binary form of cached tensors, all numbers little-endian:
 *
 *     "MLT" | version u8 | expiry f64 | tensors u16 | key
 *     per tensor: name | datatype u8 | rank u8 | dimensions u32 × rank | bytes u32 | data
 *     key, name, and each element of BYTES data: length u32 | UTF-8
 *
 * The key is in it so that a reply that belongs to another question is never taken for an answer.
 * Whatever cannot be read is a miss, never an error: it may be of an older or a newer release.
 */

const MAGIC = [0x4d, 0x4c, 0x54] as const;
const VERSION = 1;
const HEADER_BYTES = MAGIC.length + 1 + 8 + 2;
const MAX_U32 = 2 ** 32 - 1;

/** Codes of the datatypes; they are stored, so none may ever change its meaning. */
const DATATYPE_CODES: Readonly<Record<Datatype, number>> = {
  BOOL: 1,
  UINT8: 2,
  UINT16: 3,
  UINT32: 4,
  UINT64: 5,
  INT8: 6,
  INT16: 7,
  INT32: 8,
  INT64: 9,
  FP16: 10,
  BF16: 11,
  FP32: 12,
  FP64: 13,
  BYTES: 14,
};

const DATATYPES_BY_CODE = new Map(
  Object.entries(DATATYPE_CODES).map(([datatype, code]) => [code, datatype as Datatype]),
);

const BIG_ENDIAN = endianness() === 'BE';
const LONE_SURROGATE = /\p{Surrogate}/u;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Tensors with their key and the moment at which they expire. */
export interface StoredTensors {
  readonly key: string;
  readonly tensors: TensorMap;
  /** Milliseconds since 1970; 0 is never. */
  readonly expiresAt: number;
}

/** The binary form; `undefined` where there is none, as for strings that are not Unicode. */
export function encodeTensors(stored: StoredTensors): Buffer | undefined {
  try {
    return encode(stored);
  } catch {
    // Numbers out of range, as of a shape that is none.
    return undefined;
  }
}

function encode({ key, tensors, expiresAt }: StoredTensors): Buffer | undefined {
  const parts: Buffer[] = [];
  const entries = Object.entries(tensors);
  if (entries.length > 0xffff) return undefined;
  const header = Buffer.alloc(HEADER_BYTES);
  header.set([...MAGIC, VERSION]);
  header.writeDoubleLE(expiresAt, 4);
  header.writeUInt16LE(entries.length, 12);
  parts.push(header, encodeString(key));
  for (const [name, { datatype, shape, data }] of entries) {
    const content = Array.isArray(data) ? encodeStrings(data) : littleEndian(data);
    if (!content || content.length > MAX_U32 || LONE_SURROGATE.test(name)) return undefined;
    if (shape.length > 0xff || shape.some((size) => size > MAX_U32)) return undefined;
    const description = Buffer.alloc(2 + 4 * shape.length + 4);
    description.writeUInt8(DATATYPE_CODES[datatype], 0);
    description.writeUInt8(shape.length, 1);
    shape.forEach((size, axis) => description.writeUInt32LE(size, 2 + 4 * axis));
    description.writeUInt32LE(content.length, 2 + 4 * shape.length);
    parts.push(encodeString(name), description, content);
  }
  return Buffer.concat(parts);
}

/** Reads {@link encodeTensors} back; `undefined` for anything else. The data is a copy. */
export function decodeTensors(bytes: Uint8Array): StoredTensors | undefined {
  try {
    return new Reader(bytes).tensors();
  } catch {
    return undefined;
  }
}

/** Reads from the front; throws where the bytes do not make sense. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  tensors(): StoredTensors {
    for (const byte of [...MAGIC, VERSION]) check(this.#bytes.readUInt8(this.#at++) === byte);
    const expiresAt = this.#take(8).readDoubleLE();
    check(expiresAt >= 0);
    const count = this.#take(2).readUInt16LE();
    const key = this.#string();
    const entries: [string, Tensor][] = [];
    for (let index = 0; index < count; index++) entries.push([this.#string(), this.#tensor()]);
    check(this.#at === this.#bytes.length);
    // Unlike assignment, fromEntries takes `__proto__` for a name like any other.
    const tensors = Object.fromEntries(entries);
    check(Object.keys(tensors).length === count);
    return { key, tensors, expiresAt };
  }

  #tensor(): Tensor {
    const datatype = DATATYPES_BY_CODE.get(this.#take(1).readUInt8());
    check(datatype !== undefined);
    const rank = this.#take(1).readUInt8();
    const shape = Array.from({ length: rank }, () => this.#take(4).readUInt32LE());
    const content = this.#take(this.#take(4).readUInt32LE());
    const length = elementCount(shape);
    if (datatype === 'BYTES') return { datatype, shape, data: decodeStrings(content, length) };
    const elementBytes = BYTES_PER_ELEMENT[datatype];
    // Compared before anything is allocated: the shape may be nonsense.
    check(length * elementBytes === content.length);
    const data = allocate(datatype, length);
    const target = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    content.copy(target);
    if (BIG_ENDIAN) swapBytes(target, elementBytes);
    return { datatype, shape, data };
  }

  #string(): string {
    return utf8.decode(this.#take(this.#take(4).readUInt32LE()));
  }

  #take(length: number): Buffer {
    check(this.#at + length <= this.#bytes.length);
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }
}

const BYTES_PER_ELEMENT = Object.fromEntries(
  Object.keys(DATATYPE_CODES)
    .filter((datatype) => datatype !== 'BYTES')
    .map((datatype) => [datatype, bytesPerElement(allocate(datatype as Datatype, 0))]),
) as Readonly<Record<Exclude<Datatype, 'BYTES'>, number>>;

function bytesPerElement(data: TensorData): number {
  return Array.isArray(data) ? 1 : data.BYTES_PER_ELEMENT;
}

function check(sound: boolean): asserts sound {
  if (!sound) throw new Error('not cached tensors');
}

function encodeString(text: string): Buffer {
  const length = Buffer.alloc(4);
  const content = Buffer.from(text);
  length.writeUInt32LE(content.length);
  return Buffer.concat([length, content]);
}

function encodeStrings(elements: readonly BytesElement[]): Buffer | undefined {
  // UTF-8 would silently replace what is not Unicode.
  const isEncodable = (it: BytesElement) => typeof it === 'string' && !LONE_SURROGATE.test(it);
  if (!elements.every(isEncodable)) return undefined;
  return Buffer.concat(elements.map((text) => encodeString(text as string)));
}

function decodeStrings(content: Buffer, length: number): string[] {
  check(4 * length <= content.length);
  const texts: string[] = [];
  let at = 0;
  for (let index = 0; index < length; index++) {
    const end = at + 4 + content.readUInt32LE(at);
    check(end <= content.length);
    texts.push(utf8.decode(content.subarray(at + 4, end)));
    at = end;
  }
  check(at === content.length);
  return texts;
}

function littleEndian(data: Exclude<TensorData, BytesElement[]>): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!BIG_ENDIAN) return bytes;
  const copy = Buffer.from(bytes);
  swapBytes(copy, data.BYTES_PER_ELEMENT);
  return copy;
}

function swapBytes(bytes: Buffer, elementBytes: number): void {
  if (elementBytes === 2) bytes.swap16();
  else if (elementBytes === 4) bytes.swap32();
  else if (elementBytes === 8) bytes.swap64();
}
