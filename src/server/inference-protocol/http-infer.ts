import { badInput } from '../../errors.ts';
import {
  BinaryReader,
  divideBody,
  HEADER_LENGTH,
  parseBody,
} from '../../inference-protocol/infer-body.ts';
import { writeJsonData } from '../../inference-protocol/json-tensor.ts';
import { decodeRaw, encodeRaw } from '../../inference-protocol/raw-tensor.ts';
import { countElements } from '../../inference-protocol/shape.ts';
import type { TensorInput } from '../../services/model-input.ts';
import type { ModelInterface } from '../../services/services.ts';
import { isImage } from '../../codecs/image/image-bytes.ts';
import { toBytesElement } from '../../tensor/bytes-element.ts';
import { encodedInputOf } from './encoded-input.ts';
import type { InferAnswer } from './infer.ts';
import {
  type InferRequest,
  type Parameters,
  readRequestedOutput,
  requireDatatype,
} from './infer-request.ts';

/** A request with what its answer needs to know of it. */
export interface HttpInferRequest extends InferRequest {
  /** Whether outputs are binary where nothing else is said of them. */
  readonly binaryOutputs: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Most inputs or outputs of a request. */
const MAX_TENSORS = 1024;

/**
 * Reads the body of an inference request.
 *
 * @param headerLength the header `Inference-Header-Content-Length`
 * @param describe tells the model's inputs, for a body that is nothing but the data of one
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function readInferBody(
  body: Buffer,
  headerLength: string | undefined,
  target: Pick<InferRequest, 'model' | 'version'>,
  describe: () => ModelInterface,
): HttpInferRequest {
  const { json, binary } = divideBody(body, headerLength);
  if (headerLength !== undefined && json.length === 0) {
    const inputs = [rawInput(binary, describe())];
    const nothing = { id: undefined, parameters: {}, outputs: undefined };
    return { ...target, ...nothing, inputs, binaryOutputs: true };
  }
  const request = requireObject('The body', parseBody(json));
  const reader = new BinaryReader(binary);
  const parameters = readParameters('The request', request.parameters);
  // Writers of JSON that know no absence write null.
  const { inputs } = request;
  const [outputs, id] = [request.outputs ?? undefined, request.id ?? undefined];
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw badInput('The request has no inputs; "inputs" must be a list of tensors.');
  }
  if (inputs.length > MAX_TENSORS || (Array.isArray(outputs) && outputs.length > MAX_TENSORS)) {
    throw badInput(`A request has at most ${MAX_TENSORS} inputs and outputs.`);
  }
  if (id !== undefined && typeof id !== 'string') throw badInput('"id" must be a text.');
  const { binary_data_output: binaryOutputs = false } = parameters;
  if (typeof binaryOutputs !== 'boolean') {
    throw badInput('The parameter binary_data_output must be true or false.');
  }
  const tensors = inputs.map((input: unknown, at) => readInput(input, at, reader));
  reader.end();
  if (outputs !== undefined && !Array.isArray(outputs)) {
    throw badInput('"outputs" must be a list of objects with a name.');
  }
  const wanted = outputs?.map((output: unknown, at) => {
    const { name, parameters: own } = requireObject(`outputs[${at}]`, output);
    if (typeof name !== 'string' || name === '') throw badInput(`outputs[${at}] has no name.`);
    return readRequestedOutput(name, readParameters(`Output "${name}"`, own));
  });
  return {
    ...target,
    id,
    parameters,
    inputs: tensors,
    outputs: wanted && wanted.length > 0 ? wanted : undefined,
    binaryOutputs,
  };
}

function readInput(input: unknown, at: number, reader: BinaryReader): TensorInput {
  const { name, datatype, shape, data, parameters } = requireObject(`inputs[${at}]`, input);
  if (typeof name !== 'string' || name === '') throw badInput(`inputs[${at}] has no name.`);
  const what = `Input "${name.slice(0, 200)}"`;
  const type = requireDatatype(what, datatype);
  if (!Array.isArray(shape) || !shape.every((size) => typeof size === 'number')) {
    throw badInput(`${what} has no shape; it must be a list of whole numbers.`);
  }
  const count = countElements(what, shape);
  const { binary_data_size: size, shared_memory_region: region } = readParameters(what, parameters);
  if (region !== undefined) {
    throw badInput(`${what} is in shared memory, which this server does not read.`);
  }
  if (size === undefined || size === null) {
    if (!Array.isArray(data)) throw badInput(`${what} has no data; it must be a list.`);
    return { name, datatype: type, shape, data: data as unknown[] };
  }
  if (data !== undefined && data !== null)
    throw badInput(`${what} has both data and binary_data_size.`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw badInput(`${what}: binary_data_size must be a whole number from 0 on.`);
  }
  const bytes = reader.take(what, size);
  return { name, datatype: type, shape, data: decodeRaw(what, type, count, bytes) };
}

/** A body without JSON: the bytes of the model's one input. */
function rawInput(bytes: Buffer, interfaceOf: ModelInterface): TensorInput {
  const encoded = encodedInputOf(interfaceOf);
  if (encoded && (encoded.kind === 'text' || isImage(bytes))) {
    const data = [toBytesElement(bytes)];
    return { name: encoded.name, datatype: 'BYTES', shape: [1], data };
  }
  const { hasRows, signature } = interfaceOf;
  const [spec, ...others] = signature.inputs;
  if (!spec || others.length > 0) {
    throw badInput(
      'A body without JSON needs a model with one input; this one has several. Send them with their names.',
    );
  }
  const { name, datatype } = spec;
  const what = `Input "${name}"`;
  // One row: the batch axis is 1, and at most one size is open.
  const shape = spec.shape.map((size, axis) => (size === null && axis === 0 && hasRows ? 1 : size));
  const open = shape.filter((size) => size === null).length;
  if (datatype === 'BYTES') {
    const ones = shape.map((size) => size ?? 1);
    if (ones.some((size) => size !== 1)) {
      throw badInput(`${what} has more than one element; a body without JSON brings one.`);
    }
    return { name, datatype, shape: ones, data: [toBytesElement(bytes)] };
  }
  if (open > 1) {
    throw badInput(`${what} has several open sizes; send it with its shape.`);
  }
  const fixed = shape.reduce<number>((product, size) => product * (size ?? 1), 1);
  const size = bytes.length / (fixed * BYTES_OF[datatype]);
  const concrete = shape.map((given) => given ?? (Number.isInteger(size) ? size : 0));
  const count = countElements(what, concrete);
  return { name, datatype, shape: concrete, data: decodeRaw(what, datatype, count, bytes) };
}

const BYTES_OF = {
  BOOL: 1,
  UINT8: 1,
  INT8: 1,
  UINT16: 2,
  INT16: 2,
  FP16: 2,
  BF16: 2,
  UINT32: 4,
  INT32: 4,
  FP32: 4,
  UINT64: 8,
  INT64: 8,
  FP64: 8,
} as const;

function requireObject(what: string, value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw badInput(`${what} must be a JSON object.`);
}

function readParameters(what: string, value: unknown): Parameters {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Parameters;
  throw badInput(`${what}: "parameters" must be an object.`);
}

/** The body of an answer, and where its JSON ends if tensors follow it. */
export interface InferBodyAnswer {
  readonly body: Buffer;
  /** Value of `Inference-Header-Content-Length`; `undefined` for a body of nothing but JSON. */
  readonly headerLength: number | undefined;
}

/**
 * Writes an answer, each output in JSON or in binary as it was asked for.
 *
 * @throws {ServiceError} `BAD_USER_INPUT` for BYTES that JSON cannot carry
 */
export function writeInferBody(
  { model, version, id, outputs }: InferAnswer,
  binaryOutputs: boolean,
): InferBodyAnswer {
  const parts: Buffer[] = [];
  const tensors = outputs.map((output) => {
    const { name, datatype, shape, binary = binaryOutputs } = output;
    const head = `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join()}]`;
    if (!binary) return `${head},"data":${writeJsonData(`Output "${name}"`, output)}}`;
    const bytes = encodeRaw(output);
    parts.push(bytes);
    return `${head},"parameters":{"binary_data_size":${bytes.length}}}`;
  });
  const json = Buffer.from(
    `{${id === undefined ? '' : `"id":${JSON.stringify(id)},`}"model_name":${JSON.stringify(model)},` +
      `"model_version":${JSON.stringify(version)},"outputs":[${tensors.join()}]}`,
  );
  if (parts.length === 0) return { body: json, headerLength: undefined };
  return { body: Buffer.concat([json, ...parts]), headerLength: json.length };
}

/** Headers of an answer with tensors after its JSON. */
export function binaryHeaders(headerLength: number | undefined): Readonly<Record<string, string>> {
  if (headerLength === undefined) return { 'Content-Type': 'application/json' };
  return {
    'Content-Type': 'application/octet-stream',
    [HEADER_LENGTH]: String(headerLength),
  };
}
