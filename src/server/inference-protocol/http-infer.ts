import { setImmediate as nextTurn } from 'node:timers/promises';
import { badInput, ServiceError } from '../../errors.ts';
import { BinaryReader, divideBody, HEADER_LENGTH } from '../../inference-protocol/infer-body.ts';
import { jsonDataParts } from '../../inference-protocol/json-tensor.ts';
import { decodeRaw, encodeRaw } from '../../inference-protocol/raw-tensor.ts';
import { countElements } from '../../inference-protocol/shape.ts';
import type { TensorInput } from '../../services/model-input.ts';
import type { JsonReader } from '../../json/json-reader.ts';
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

/** What {@link readInferBody} reads a body with. */
export interface InferBodyReading {
  /** Tells the model's inputs, for a body that is nothing but the data of one. */
  readonly describe: () => ModelInterface;
  readonly json: JsonReader;
}

/**
 * Reads the body of an inference request.
 *
 * @param headerLength the header `Inference-Header-Content-Length`
 * @throws {ServiceError} `BAD_USER_INPUT` or `JSON_TOO_COMPLEX`
 */
export async function readInferBody(
  body: Buffer,
  headerLength: string | undefined,
  target: Pick<InferRequest, 'model' | 'version'>,
  { describe, json: jsonReader }: InferBodyReading,
): Promise<HttpInferRequest> {
  const { json, binary } = divideBody(body, headerLength);
  if (headerLength !== undefined && json.length === 0) {
    const inputs = [rawInput(binary, describe())];
    const nothing = { id: undefined, parameters: {}, outputs: undefined };
    return { ...target, ...nothing, inputs, binaryOutputs: true };
  }
  const request = requireObject('The body', await jsonReader.parseExact(json));
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

/** Text that is made into bytes at once, in characters. */
const CHUNK = 65_536;

/** Most time that writing takes of one turn of the event loop, in milliseconds. */
const TURN_MS = 8;

/**
 * Writes an answer, each output in JSON or in binary as it was asked for; a large one gives way to
 * others in between.
 *
 * @param maxBytes most bytes of an answer
 * @throws {ServiceError} `BAD_USER_INPUT` for BYTES that JSON cannot carry, or `ANSWER_TOO_LARGE`
 */
export async function writeInferBody(
  answer: InferAnswer,
  binaryOutputs: boolean,
  maxBytes: number,
): Promise<InferBodyAnswer> {
  const chunks: Buffer[] = [];
  const binary: Buffer[] = [];
  let length = 0;
  const add = (bytes: Buffer, to: Buffer[]): void => {
    to.push(bytes);
    length += bytes.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
  };
  let text = '';
  let turnEnd = performance.now() + TURN_MS;
  for (const part of answerParts(answer, binaryOutputs, (bytes) => add(bytes, binary))) {
    text += part;
    if (text.length < CHUNK) continue;
    add(Buffer.from(text), chunks);
    text = '';
    if (performance.now() < turnEnd) continue;
    await nextTurn();
    turnEnd = performance.now() + TURN_MS;
  }
  add(Buffer.from(text), chunks);
  if (length > CHUNK) await nextTurn();
  const [only] = chunks;
  const json = only && chunks.length === 1 ? only : Buffer.concat(chunks);
  if (binary.length === 0) return { body: json, headerLength: undefined };
  return { body: Buffer.concat([json, ...binary]), headerLength: json.length };
}

/** The JSON of an answer in parts. @param addBinary given the bytes that follow it */
function* answerParts(
  { model, version, id, outputs }: InferAnswer,
  binaryOutputs: boolean,
  addBinary: (bytes: Buffer) => void,
): Generator<string, void> {
  yield (
    `{${id === undefined ? '' : `"id":${JSON.stringify(id)},`}"model_name":${JSON.stringify(model)},` +
    `"model_version":${JSON.stringify(version)},"outputs":[`
  );
  for (const [at, output] of outputs.entries()) {
    const { name, datatype, shape, binary = binaryOutputs } = output;
    yield `${at > 0 ? ',' : ''}{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join()}]`;
    if (binary) {
      const bytes = encodeRaw(output);
      addBinary(bytes);
      yield `,"parameters":{"binary_data_size":${bytes.length}}}`;
    } else {
      yield ',"data":[';
      yield* jsonDataParts(`Output "${name}"`, output);
      yield ']}';
    }
  }
  yield ']}';
}

function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    'ANSWER_TOO_LARGE',
    `The answer is larger than ${maxBytes} bytes; ask for fewer outputs or rows at a time.`,
    { details: { maxBytes }, limit: 'MAX_ANSWER_BYTES' },
  );
}

/** Headers of an answer with tensors after its JSON. */
export function binaryHeaders(headerLength: number | undefined): Readonly<Record<string, string>> {
  if (headerLength === undefined) return { 'Content-Type': 'application/json' };
  return {
    'Content-Type': 'application/octet-stream',
    [HEADER_LENGTH]: String(headerLength),
  };
}
