import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What an ONNX file says of one input or output, beyond what the runtime passes on. */
export interface DeclaredValue {
  readonly name: string;
  /** Sequences, maps and optional values are no tensors. */
  readonly kind: 'tensor' | 'sequence' | 'map' | 'optional' | 'other';
  /** Number of axes; `null` where the file does not say, so that any may come. */
  readonly rank: number | null;
  /** Element type of a tensor, or of an optional one, by its number in onnx.proto; else `null`. */
  readonly elementType: number | null;
}

/** The part of an ONNX file that is read here. */
export interface OnnxHeader {
  readonly inputs: readonly DeclaredValue[];
  readonly outputs: readonly DeclaredValue[];
  /** Names that have a value in the file: as inputs they may be left out. */
  readonly initializers: ReadonlySet<string>;
}

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH = { initializer: 5, input: 11, output: 12 } as const;
const TENSOR_NAME = 8;
const VALUE = { name: 1, type: 2 } as const;
const TYPE_KINDS = new Map<number, DeclaredValue['kind']>([
  [1, 'tensor'],
  [4, 'sequence'],
  [5, 'map'],
  [9, 'optional'],
]);
const TENSOR = { elementType: 1, shape: 2 } as const;
/** `elem_type` of an optional type, a type of its own. */
const OPTIONAL_ELEMENT = 1;

/** Longest name or type that is read; what is longer is no name. */
const MAX_PART = 1024 * 1024;

/** Bytes that are read at a time. */
const WINDOW = 64 * 1024;

/**
 * Reads which inputs and outputs an ONNX file declares without a shape, which the runtime does not
 * tell from scalars, and which inputs have a value of their own. Weights are skipped, not read.
 *
 * @returns `null` for what is no ONNX protocol buffer, such as the runtime's own `.ort` format
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function readOnnxHeader(file: string): OnnxHeader | null {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const reader = new FileReader(descriptor);
    for (const field of fieldsOf(reader, 0, size)) {
      if (field.number === MODEL_GRAPH && field.length > 0) {
        return readGraph(reader, field.at, field.at + field.length);
      }
    }
    return null;
  } catch (thrown) {
    if (thrown instanceof NotProtobuf) return null;
    throw thrown;
  } finally {
    closeSync(descriptor);
  }
}

function readGraph(reader: FileReader, from: number, to: number): OnnxHeader {
  const inputs: DeclaredValue[] = [];
  const outputs: DeclaredValue[] = [];
  const initializers = new Set<string>();
  for (const { number, at, length } of fieldsOf(reader, from, to)) {
    if (number === GRAPH.input) inputs.push(readValue(reader, at, at + length));
    else if (number === GRAPH.output) outputs.push(readValue(reader, at, at + length));
    else if (number === GRAPH.initializer) {
      for (const field of fieldsOf(reader, at, at + length)) {
        if (field.number === TENSOR_NAME) initializers.add(reader.text(field));
      }
    }
  }
  return { inputs, outputs, initializers };
}

function readValue(reader: FileReader, from: number, to: number): DeclaredValue {
  let name = '';
  let type: Omit<DeclaredValue, 'name'> = { kind: 'other', rank: null, elementType: null };
  for (const field of fieldsOf(reader, from, to)) {
    if (field.number === VALUE.name) name = reader.text(field);
    if (field.number === VALUE.type) type = readType(reader, field.at, field.at + field.length);
  }
  return { name, ...type };
}

function readType(reader: FileReader, from: number, to: number): Omit<DeclaredValue, 'name'> {
  for (const { number, at, length } of fieldsOf(reader, from, to)) {
    const kind = TYPE_KINDS.get(number);
    if (kind === 'tensor') return { kind, ...readTensorType(reader, at, at + length) };
    if (kind === 'optional') {
      for (const inner of fieldsOf(reader, at, at + length)) {
        if (inner.number !== OPTIONAL_ELEMENT) continue;
        const element = readType(reader, inner.at, inner.at + inner.length);
        if (element.kind === 'tensor') return { ...element, kind };
      }
    }
    if (kind) return { kind, rank: null, elementType: null };
  }
  return { kind: 'other', rank: null, elementType: null };
}

function readTensorType(reader: FileReader, from: number, to: number) {
  let elementType: number | null = null;
  let rank: number | null = null;
  for (const field of fieldsOf(reader, from, to)) {
    if (field.number === TENSOR.elementType) elementType = field.value;
    if (field.number !== TENSOR.shape) continue;
    rank = 0;
    for (const dimension of fieldsOf(reader, field.at, field.at + field.length)) {
      if (dimension.number === 1) rank++;
    }
  }
  return { elementType, rank };
}

/** A field of a message: its number and where its content stands. */
interface Field {
  readonly number: number;
  readonly at: number;
  /** Bytes of content; 0 for numbers. */
  readonly length: number;
  /** A number's value, else 0. */
  readonly value: number;
}

class NotProtobuf extends Error {}

/** Walks over the fields of a message between two offsets. */
function* fieldsOf(reader: FileReader, from: number, to: number): Generator<Field> {
  let at = from;
  while (at < to) {
    const tag = reader.varint(at);
    const number = Math.floor(tag.value / 8);
    at = tag.next;
    let length = 0;
    let value = 0;
    switch (tag.value % 8) {
      case 0:
        ({ value, next: at } = reader.varint(at));
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const size = reader.varint(at);
        at = size.next;
        length = size.value;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new NotProtobuf();
    }
    if (number === 0 || at + length > to) throw new NotProtobuf();
    yield { number, at, length, value };
    at += length;
  }
}

/** Reads pieces of a file through one window, so that a large file costs no memory. */
class FileReader {
  readonly #descriptor: number;
  #window = Buffer.alloc(0);
  #from = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  varint(at: number): { readonly value: number; readonly next: number } {
    this.#load(at, 10);
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#window[at - this.#from + i];
      if (byte === undefined) throw new NotProtobuf();
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return { value, next: at + i + 1 };
    }
    throw new NotProtobuf();
  }

  text({ at, length }: Field): string {
    if (length > MAX_PART) throw new NotProtobuf();
    this.#load(at, length);
    return this.#window.toString('utf8', at - this.#from, at - this.#from + length);
  }

  #load(at: number, length: number): void {
    if (at >= this.#from && at + length <= this.#from + this.#window.length) return;
    const buffer = Buffer.alloc(Math.max(WINDOW, length));
    const bytesRead = readSync(this.#descriptor, buffer, 0, buffer.length, at);
    this.#window = buffer.subarray(0, bytesRead);
    this.#from = at;
  }
}
