import { setImmediate as nextTurn } from 'node:timers/promises';
import { badInput, ServiceError } from '../../errors.ts';
import { countElements } from '../../inference-protocol/shape.ts';
import type { Call } from '../../services/call.ts';
import type { ModelInput, TensorInput } from '../../services/model-input.ts';
import type { NamedTensor, Prediction } from '../../services/prediction.ts';
import type {
  ModelInterface,
  PredictionService,
  PredictOptions,
  Priority,
} from '../../services/services.ts';
import { textOf } from '../../tensor/bytes-element.ts';
import { concatRows } from '../../tensor/concat-rows.ts';
import type { BytesElement, Tensor } from '../../tensor/tensor.ts';
import { toClasses } from './classes.ts';
import { encodedInputOf } from './encoded-input.ts';
import type { InferRequest, Parameters, RequestedOutput } from './infer-request.ts';

/** The answer to a request, whatever writes it. */
export interface InferAnswer {
  readonly model: string;
  readonly version: string;
  readonly id: string | undefined;
  /** In the order in which they were asked for, else in the model's. */
  readonly outputs: readonly (NamedTensor & { readonly binary: boolean | undefined })[];
}

/** Longest deadline, in milliseconds. */
const MAX_TIMEOUT_MS = 3_600_000;

/** Outputs that are made of the prediction where a client names them and the model has none such. */
const PREDICTED = { label: 'label', score: 'score' } as const;

/**
 * Answers a request: the model's own tensors, or texts and images as BYTES where its encoder reads
 * them.
 *
 * @throws {ServiceError} any code of the registry that concerns models and inputs
 */
export async function infer(
  call: Call,
  request: InferRequest,
  predictions: PredictionService,
): Promise<InferAnswer> {
  const { model, version, parameters } = request;
  const named = { model, version };
  const interfaceOf = predictions.describe(call, named);
  const options: PredictOptions = {
    model,
    version,
    timeoutMs: readTimeout(parameters),
    priority: readPriority(parameters),
  };
  const own = ownOutputs(request.outputs, interfaceOf);
  const texts = encodedElements(request.inputs, interfaceOf);
  const answered = texts
    ? await predictEach(call, texts, { ...options, ...own.options }, predictions)
    : [
        await predictions.predict(call, {
          ...options,
          ...own.options,
          raw: true,
          input: { tensors: request.inputs },
        }),
      ];
  const [first] = answered;
  if (!first) throw badInput('The request has no rows.');
  const outputs = await joinOutputs(answered);
  return {
    model: first.model,
    version: first.version,
    id: request.id,
    outputs: request.outputs
      ? request.outputs.map((wanted) => ({
          ...pick(wanted, outputs, answered, interfaceOf, texts !== undefined),
          binary: wanted.binary,
        }))
      : inOrder(outputs, interfaceOf).map((output) => ({ ...output, binary: undefined })),
  };
}

/** The outputs to ask the model for. */
function ownOutputs(
  outputs: readonly RequestedOutput[] | undefined,
  { signature }: ModelInterface,
): { readonly options: Pick<PredictOptions, 'allOutputs' | 'onlyOutputs'> } {
  if (!outputs) return { options: { allOutputs: true } };
  const names = new Set<string>();
  for (const { name } of outputs) {
    if (names.has(name)) throw badInput(`Output "${name}" is asked for twice.`);
    names.add(name);
  }
  const known = signature.outputs.map(({ name }) => name);
  const predicted = [...names].filter((name) => name in PREDICTED && !known.includes(name));
  if (predicted.length > 0) return { options: { allOutputs: true } };
  return { options: { onlyOutputs: [...names] } };
}

/** The texts or images of a request, where it sends those; `undefined` for tensors. */
function encodedElements(
  inputs: readonly TensorInput[],
  interfaceOf: ModelInterface,
): readonly ModelInput[] | undefined {
  const spec = encodedInputOf(interfaceOf);
  const [input, ...others] = inputs;
  if (!spec || !input || others.length > 0) return undefined;
  if (input.name !== spec.name && input.name !== spec.kind) return undefined;
  if (input.datatype !== 'BYTES') {
    if (spec.name === input.name) {
      throw badInput(`Input "${input.name}" has datatype ${input.datatype}; expected BYTES.`);
    }
    return undefined;
  }
  const what = `Input "${input.name}"`;
  const count = countElements(what, input.shape);
  const elements = (input.data as unknown[]).flat<unknown[], 16>(16) as BytesElement[];
  if (elements.length !== count) {
    throw badInput(`${what} has ${elements.length} elements; its shape needs ${count}.`);
  }
  if (count === 0) throw badInput(`${what} has no elements.`);
  return elements.map((element, at) => {
    if (typeof element !== 'string' && !(element instanceof Uint8Array)) {
      throw badInput(`${what}: element ${at} is not a valid BYTES.`);
    }
    if (spec.kind === 'text') {
      if (typeof element !== 'string') throw badInput(`${what}: element ${at} is not UTF-8.`);
      return { text: element };
    }
    return { image: element };
  });
}

async function predictEach(
  call: Call,
  inputs: readonly ModelInput[],
  options: PredictOptions,
  predictions: PredictionService,
): Promise<readonly Prediction[]> {
  const [only, ...others] = inputs;
  if (only && others.length === 0) {
    return [await predictions.predict(call, { ...options, input: only })];
  }
  const { results } = await predictions.predictBatch(call, { ...options, inputs });
  return results.map((result) => {
    if (result instanceof ServiceError) throw result;
    return result;
  });
}

/** Predictions that are joined in one turn of the event loop. */
const PART = 1_000;

/** Rows of several predictions, one below the other; many of them give way to others. */
async function joinOutputs(
  predictions: readonly Prediction[],
): Promise<ReadonlyMap<string, NamedTensor>> {
  const [first] = predictions;
  const firstOutputs = first?.outputs ?? [];
  if (predictions.length === 1) {
    return new Map(firstOutputs.map((output) => [output.name, output]));
  }
  const rests = new Map(firstOutputs.map(({ name, shape }) => [name, shape.slice(1).join()]));
  const maps: Record<string, Tensor>[] = [];
  for (const { outputs } of predictions) {
    const map: Record<string, Tensor> = {};
    for (const output of outputs) map[output.name] = output;
    for (const [name, rest] of rests) {
      if (map[name]?.shape.slice(1).join() === rest) continue;
      throw badInput(`Output "${name}" has another shape for each input; send them one at a time.`);
    }
    maps.push(map);
    if (maps.length % PART === 0) await nextTurn();
  }
  const joined = concatRows(maps);
  if (maps.length > PART) await nextTurn();
  return new Map(Object.entries(joined).map(([name, tensor]) => [name, { name, ...tensor }]));
}

function inOrder(
  outputs: ReadonlyMap<string, NamedTensor>,
  { signature }: ModelInterface,
): NamedTensor[] {
  return signature.outputs.flatMap(({ name }) => outputs.get(name) ?? []);
}

function pick(
  { name, classification }: RequestedOutput,
  outputs: ReadonlyMap<string, NamedTensor>,
  predictions: readonly Prediction[],
  { labels, hasRows }: ModelInterface,
  isEncoded: boolean,
): NamedTensor {
  const output = outputs.get(name);
  if (!output) return predicted(name, predictions, isEncoded);
  if (classification === 0) return output;
  return toClasses(output, classification, { labels, hasRows: hasRows || isEncoded });
}

/** Label and score of each row, for those who ask by name. */
function predicted(
  name: string,
  predictions: readonly Prediction[],
  isEncoded: boolean,
): NamedTensor {
  if (!isEncoded) {
    throw badInput(
      `The output "${name}" is made of predictions; it is there for texts and images, sent as BYTES.`,
    );
  }
  const shape = [predictions.length, 1];
  if (name === PREDICTED.label) {
    const data = predictions.map(({ prediction }) => labelOf(prediction));
    return { name, datatype: 'BYTES', shape, data };
  }
  const data = Float32Array.from(predictions, ({ confidence }) => confidence ?? NaN);
  return { name, datatype: 'FP32', shape, data };
}

function labelOf(prediction: unknown): string {
  if (typeof prediction === 'string') return prediction;
  if (ArrayBuffer.isView(prediction)) return JSON.stringify(Array.from(prediction as Float32Array));
  if (prediction instanceof Uint8Array) return textOf(prediction);
  return JSON.stringify(prediction);
}

/** `timeout`: microseconds; 0 for none. */
function readTimeout({ timeout }: Parameters): number | undefined {
  const given = readWhole('timeout', timeout);
  if (given === undefined || given === 0) return undefined;
  return Math.min(Math.max(given / 1000, 1), MAX_TIMEOUT_MS);
}

/** `priority`: 1 is the highest; 0 for the default. */
function readPriority({ priority }: Parameters): Priority | undefined {
  const given = readWhole('priority', priority);
  if (given === undefined || given === 0) return undefined;
  return given === 1 ? 'INTERACTIVE' : 'BULK';
}

function readWhole(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' && /^\d{1,20}$/.test(value);
  const number = typeof value === 'bigint' || text ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number;
  throw badInput(`The parameter ${name} must be a whole number from 0 on.`);
}
