import { badInput } from '../../errors.ts';
import {
  type InferParameterMessage,
  type InferRequestMessage,
  type InferResponseMessage,
  type Int64,
  type ParameterMessages,
  toBigInt,
  toNumber,
} from '../../inference-protocol/messages.ts';
import { decodeRaw, encodeRaw } from '../../inference-protocol/raw-tensor.ts';
import { countElements } from '../../inference-protocol/shape.ts';
import { hasContents, readContents } from '../../inference-protocol/typed-contents.ts';
import type { TensorInput } from '../../services/model-input.ts';
import type { InferAnswer } from './infer.ts';
import {
  type InferRequest,
  type Parameters,
  readRequestedOutput,
  requireDatatype,
} from './infer-request.ts';

/**
 * Reads a `ModelInferRequest`.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function readInferMessage(message: InferRequestMessage): InferRequest {
  const { inputs, outputs = [], raw_input_contents: raw = [], id } = message;
  if (inputs.length === 0) throw badInput('The request has no inputs.');
  const isRaw = raw.length > 0;
  if (isRaw && inputs.some(({ contents }) => hasContents(contents))) {
    throw badInput('Inputs come either all as raw_input_contents or all as contents, never mixed.');
  }
  if (isRaw && raw.length !== inputs.length) {
    throw badInput(`There are ${raw.length} raw_input_contents for ${inputs.length} inputs.`);
  }
  return {
    model: message.model_name,
    version: message.model_version === '' ? undefined : message.model_version,
    id: id === '' ? undefined : id,
    parameters: readParameters(message.parameters),
    inputs: inputs.map((input, at): TensorInput => {
      const { name, shape: sizes } = input;
      if (name === '') throw badInput(`inputs[${at}] has no name.`);
      const what = `Input "${name.slice(0, 200)}"`;
      const datatype = requireDatatype(what, input.datatype);
      if (readParameters(input.parameters).shared_memory_region !== undefined) {
        throw badInput(`${what} is in shared memory, which this server does not read.`);
      }
      const shape = sizes.map(toNumber);
      const count = countElements(what, shape);
      const bytes = raw[at];
      const data = bytes
        ? decodeRaw(what, datatype, count, bytes)
        : readContents(what, datatype, count, input.contents ?? {});
      return { name, datatype, shape, data };
    }),
    outputs:
      outputs.length === 0
        ? undefined
        : outputs.map(({ name, parameters }) =>
            readRequestedOutput(name, readParameters(parameters)),
          ),
  };
}

function readParameters(messages: ParameterMessages | undefined): Parameters {
  if (!messages) return {};
  const entries = Object.entries(messages).map(([name, message]) => [name, valueOf(message)]);
  return Object.fromEntries(entries) as Parameters;
}

function valueOf(message: InferParameterMessage): unknown {
  // The fields of a message that was read are there only where they were set.
  const is = (field: keyof InferParameterMessage) => Object.hasOwn(message, field);
  if (is('bool_param')) return message.bool_param;
  if (is('string_param')) return message.string_param;
  if (is('double_param')) return message.double_param;
  const field = is('uint64_param') ? 'uint64_param' : 'int64_param';
  const value: Int64 | undefined = message[field];
  return value === undefined ? undefined : Number(toBigInt(value, field === 'uint64_param'));
}

/** Writes a `ModelInferResponse`, its tensors raw. */
export function toInferMessage({ model, version, id, outputs }: InferAnswer): InferResponseMessage {
  return {
    model_name: model,
    model_version: version,
    ...(id !== undefined && { id }),
    outputs: outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    raw_output_contents: outputs.map(encodeRaw),
  };
}
