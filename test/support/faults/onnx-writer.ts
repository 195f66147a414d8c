/**
 * Writes small ONNX models, so that tests run on real files that do exactly what a test needs. Knows
 * only the parts of the format (protocol buffers, field numbers of onnx.proto) that they use.
 */

/** Element types of onnx.proto. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const UINT16 = 4;
export const INT16 = 5;
export const INT32 = 6;
export const INT64 = 7;
export const STRING = 8;
export const BOOL = 9;
export const DOUBLE = 11;
export const UINT32 = 12;
export const UINT64 = 13;

type ElementType = number;

/** A node's attribute. */
export interface Attribute {
  readonly name: string;
  readonly value: number | readonly number[] | { readonly graph: Buffer };
}

/** Field numbers and wire types of protocol buffers. */
function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const integer = (field: number, value: number): Buffer =>
  Buffer.concat([varint(field << 3), varint(value)]);

function message(field: number, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
}

/** An input or output of a graph; a string is the name of a dynamic dimension, `null` no shape. */
export function valueInfo(
  field: 'input' | 'output',
  name: string,
  type: ElementType,
  shape: readonly (number | string)[] | null,
): Buffer {
  const dimensions = (shape ?? []).map((size) =>
    message(1, typeof size === 'number' ? integer(1, size) : message(2, size)),
  );
  const declared = shape === null ? [] : [message(2, ...dimensions)];
  const tensor = message(1, integer(1, type), ...declared);
  return message(field === 'input' ? 11 : 12, message(1, name), message(2, tensor));
}

/** A constant of a graph. */
export function constant(
  name: string,
  type: ElementType,
  shape: readonly number[],
  values: readonly (number | string)[],
): Buffer {
  const data = values.map((value) => {
    if (typeof value === 'string') return message(6, value);
    if (type === INT64) return integer(7, value);
    if (type === BOOL) return integer(5, value);
    const raw = Buffer.alloc(5);
    raw[0] = (4 << 3) | 5;
    raw.writeFloatLE(value, 1);
    return raw;
  });
  const dimensions = shape.map((size) => integer(1, size));
  return message(5, ...dimensions, integer(2, type), ...data, message(8, name));
}

/** A node of a graph. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Attribute[] = [],
): Buffer {
  return message(
    1,
    ...inputs.map((name) => message(1, name)),
    ...outputs.map((name) => message(2, name)),
    message(4, operator),
    ...attributes.map(({ name, value }) => message(5, message(1, name), ...attribute(value))),
  );
}

function attribute(value: Attribute['value']): Buffer[] {
  if (typeof value === 'number') return [integer(3, value), integer(20, 2)];
  if ('graph' in value) return [message(6, value.graph), integer(20, 5)];
  return [...value.map((each) => integer(8, each)), integer(20, 7)];
}

/** A graph out of nodes, constants, inputs and outputs. */
export function graph(name: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...parts, message(2, name)]);
}

/** A constant whose values stand in another file. */
export function externalConstant(
  name: string,
  type: ElementType,
  shape: readonly number[],
  location: string,
): Buffer {
  return message(
    5,
    ...shape.map((size) => integer(1, size)),
    integer(2, type),
    message(8, name),
    message(13, message(1, 'location'), message(2, location)),
    integer(14, 1),
  );
}

/** A whole model file. @param versions of the format and of the operators */
export function modelFile(main: Buffer, { ir = 8, opset = 13 } = {}): Buffer {
  return Buffer.concat([
    integer(1, ir),
    message(8, message(1, ''), integer(2, opset)),
    message(7, main),
  ]);
}
