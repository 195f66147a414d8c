import { encodeMessage, type Field } from './protobuf.ts';

/** Element types of ONNX. */
const FLOAT = 1;
const INT64 = 7;

const IR_VERSION = 8;
const OPSET = 17;

type Attribute = number | readonly number[];

/** Builds an ONNX file, node by node. Field numbers are those of onnx.proto3. */
export class OnnxGraph {
  readonly #nodes: Field[] = [];
  readonly #initializers: Field[] = [];
  #names = 0;

  /** Weights; gives back their name. */
  weights(name: string, shape: readonly number[], data: Float32Array): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return this.#initializer(name, shape, FLOAT, bytes);
  }

  /** A constant list of whole numbers, such as a shape. */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    const name = this.#fresh('shape');
    return this.#initializer(name, [values.length], INT64, new Uint8Array(data.buffer));
  }

  /** A constant number. */
  scalar(value: number): string {
    return this.weights(this.#fresh('scalar'), [], Float32Array.of(value));
  }

  /** Adds a node with one output and gives back the output's name. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = this.#fresh(op.toLowerCase()),
  ): string {
    this.#nodes.push([
      1,
      [
        ...inputs.map((input): Field => [1, input]),
        [2, output],
        [3, output],
        [4, op],
        ...Object.entries(attributes).map(([name, value]): Field => [5, attribute(name, value)]),
      ],
    ]);
    return output;
  }

  /** The file. `null` in a shape stands for the batch. */
  finish(
    inputs: Readonly<Record<string, readonly (number | null)[]>>,
    outputs: Readonly<Record<string, readonly (number | null)[]>>,
  ): Buffer {
    return encodeMessage([
      [1, IR_VERSION],
      [2, 'ml-inference-api bench'],
      [
        7,
        [
          ...this.#nodes,
          [2, 'encoder'],
          ...this.#initializers,
          ...Object.entries(inputs).map(([n, shape]): Field => [11, valueInfo(n, INT64, shape)]),
          ...Object.entries(outputs).map(([n, shape]): Field => [12, valueInfo(n, FLOAT, shape)]),
        ],
      ],
      [
        8,
        [
          [1, ''],
          [2, OPSET],
        ],
      ],
    ]);
  }

  #initializer(name: string, shape: readonly number[], type: number, raw: Uint8Array): string {
    const dims = shape.map((size): Field => [1, size]);
    this.#initializers.push([5, [...dims, [2, type], [8, name], [9, raw]]]);
    return name;
  }

  #fresh(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }
}

function attribute(name: string, value: Attribute): Field[] {
  const isList = typeof value !== 'number';
  if (isList) {
    return [[1, name], ...value.map((item): Field => [8, item]), [20, 7]];
  }
  if (Number.isInteger(value)) {
    return [
      [1, name],
      [3, value],
      [20, 2],
    ];
  }
  throw new Error(`attribute ${name}: only whole numbers are needed so far`);
}

function valueInfo(name: string, type: number, shape: readonly (number | null)[]): Field[] {
  const dims = shape.map((size): Field => [1, size === null ? [[2, 'batch']] : [[1, size]]]);
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, type],
            [2, dims],
          ],
        ],
      ],
    ],
  ];
}
