import { ServiceError } from '../../errors.ts';
import type { Tensor, TensorMap } from '../../tensor/tensor.ts';
import { fromBfloat, fromHalf } from '../../tensor/half.ts';

/** Elements of a tensor as numbers. */
export type Numbers = Readonly<ArrayLike<number>> & Iterable<number>;

/**
 * Reads any tensor but one of strings as numbers: its own data where they are numbers already, else
 * a copy (16-bit floating point; 64-bit integers, which may lose precision beyond 2^53).
 *
 * @throws {ServiceError} `INFERENCE_FAILED` for strings
 */
export function readNumbers({ datatype, data }: Tensor): Numbers {
  switch (datatype) {
    case 'FP16':
      return Float32Array.from(data as Uint16Array, fromHalf);
    case 'BF16':
      return Float32Array.from(data as Uint16Array, fromBfloat);
    case 'INT64':
    case 'UINT64':
      return Array.from(data as BigInt64Array, Number);
    case 'BYTES':
      throw failed('an output holds texts where numbers are expected');
    default:
      return data as Float32Array;
  }
}

/**
 * Takes the output that a codec reads, for a single row.
 *
 * @throws {ServiceError} `INFERENCE_FAILED` when it is missing or empty
 */
export function requireOutput(outputs: TensorMap, name: string): Tensor {
  const tensor = outputs[name];
  if (!tensor) throw failed(`output "${name}" is missing`);
  if (tensor.data.length === 0) throw failed(`output "${name}" is empty`);
  return tensor;
}

/**
 * Refuses numbers that no answer can be made of. JSON has no infinities and no NaN.
 *
 * @throws {ServiceError} `INFERENCE_FAILED`
 */
export function requireFinite(name: string, numbers: Numbers): void {
  for (const number of numbers) {
    if (!Number.isFinite(number)) throw failed(`output "${name}" holds ${number}`);
  }
}

/**
 * Refuses an answer with more or fewer classes than there are labels: it would be named wrongly.
 * Without labels any number is right.
 *
 * @throws {ServiceError} `INFERENCE_FAILED`
 */
export function requireLabels(numbers: Numbers, labels: readonly string[]): void {
  if (labels.length === 0 || numbers.length === labels.length) return;
  throw failed(`the model gave ${numbers.length} scores, but there are ${labels.length} labels`);
}

/** An answer that cannot be read; the cause is for the log. */
export function failed(why: string): ServiceError {
  return new ServiceError('INFERENCE_FAILED', 'The model gave no usable answer to this input.', {
    cause: new Error(why),
  });
}

/** `1 / (1 + e^-x)`, without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}
