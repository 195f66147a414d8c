import { badInput } from '../../errors.ts';
import { DATATYPES, type Datatype } from '../../tensor/tensor.ts';
import type { TensorInput } from '../../services/model-input.ts';

/** Parameters of a request, an input or an output. Unknown ones are taken and ignored. */
export type Parameters = Readonly<Record<string, unknown>>;

/** An output that a client asks for. */
export interface RequestedOutput {
  readonly name: string;
  /** Number of best classes to answer instead of the tensor; 0 for the tensor. */
  readonly classification: number;
  /** Whether it is wanted in binary; `undefined` leaves it to the request. */
  readonly binary: boolean | undefined;
}

/** A request of the inference protocol, whatever brought it. */
export interface InferRequest {
  readonly model: string;
  readonly version: string | undefined;
  /** Echoed in the answer, where it was given. */
  readonly id: string | undefined;
  readonly parameters: Parameters;
  readonly inputs: readonly TensorInput[];
  /** `undefined` for all of the model's. */
  readonly outputs: readonly RequestedOutput[] | undefined;
}

/**
 * Checks the name of a datatype.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function requireDatatype(what: string, datatype: unknown): Datatype {
  const known = DATATYPES.find((candidate) => candidate === datatype);
  if (known) return known;
  const given = typeof datatype === 'string' ? JSON.stringify(datatype.slice(0, 50)) : 'no text';
  throw badInput(`${what} has the datatype ${given}; allowed are ${DATATYPES.join(', ')}.`);
}

/**
 * Reads the parameters of a requested output.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function readRequestedOutput(name: string, parameters: Parameters): RequestedOutput {
  const { classification = 0, binary_data: binary } = parameters;
  const count = typeof classification === 'bigint' ? Number(classification) : classification;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
    throw badInput(`Output "${name}": classification must be a whole number from 0 on.`);
  }
  if (binary !== undefined && typeof binary !== 'boolean') {
    throw badInput(`Output "${name}": binary_data must be true or false.`);
  }
  return { name, classification: count, binary };
}
