import type { ModelInput, TensorInput } from '../../services/model-input.ts';
import type { Prediction } from '../../services/prediction.ts';
import { textOf } from '../../tensor/bytes-element.ts';
import { tensorDataToJson, toJsonValue } from '../../tensor/json-value.ts';
import { byteLength, type TensorMap } from '../../tensor/tensor.ts';
import { redactRow, redactText, type Redaction } from './redaction.ts';

/** Most elements of all outputs that are recorded, and that a prediction is told by. */
const MAX_ELEMENTS = 4096;

/** A prediction that waits to be recorded. */
export interface CapturedPrediction {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** `null` where inputs are not to be recorded. */
  readonly input: ModelInput | null;
  readonly redaction: Redaction;
  readonly prediction: Prediction;
  /** Whether the outputs are all there that the prediction is told by. */
  readonly isWhole: boolean;
  /** Parts that are too large to be recorded. */
  readonly omitted?: readonly string[] | undefined;
}

/** An outcome that was reported, of a prediction that was recorded or not. */
export interface CapturedOutcome {
  readonly time: number;
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly actual: unknown;
  readonly correct: boolean;
}

/**
 * Line of a prediction: `profile` and training scripts read `input` and `outputs` as a client and
 * the model write them, and find the outcome by `id`.
 */
export function predictionLine(captured: CapturedPrediction): string {
  const { time, input, redaction, prediction, isWhole, omitted } = captured;
  const { id, model, version, cached, latencyMs } = prediction;
  const isSmall = elementsOf(prediction.tensors) <= MAX_ELEMENTS;
  return JSON.stringify({
    id,
    time: new Date(time).toISOString(),
    model,
    version,
    cached,
    latency_ms: latencyMs,
    ...(input && redactInput(input, redaction)),
    ...(omitted && { omitted }),
    ...(isWhole && isSmall && answerOf(prediction, redaction)),
    ...(isSmall && outputsOf(prediction)),
  });
}

/** Line of an outcome; it names the prediction by `id`. */
export function outcomeLine(outcome: CapturedOutcome): string {
  const { time, id, model, version, actual, correct } = outcome;
  return JSON.stringify({
    id,
    time: new Date(time).toISOString(),
    model,
    version,
    actual,
    correct,
  });
}

/** The input as a client would send it again, and the names of what was left out. */
function redactInput(
  { text, features, image, tensors }: ModelInput,
  redaction: Redaction,
): { input: object; redacted?: readonly string[] } {
  if (text !== undefined) return { input: { text: redactText(text, redaction) } };
  if (features !== undefined) {
    const redacted = redaction.columns.filter((name) => Object.hasOwn(features, name));
    return {
      input: { features: redactRow(features, redaction) },
      ...(redacted.length > 0 && { redacted }),
    };
  }
  if (image !== undefined) {
    return {
      input: {
        image: typeof image === 'string' ? image : Buffer.from(image).toString('base64'),
      },
    };
  }
  const hidden = new Set(redaction.columns);
  return {
    input: {
      tensors: (tensors ?? [])
        .filter(({ name }) => !hidden.has(name))
        .map((tensor) => ({ ...tensor, data: redactValue(elementsToJson(tensor), redaction) })),
    },
  };
}

function elementsToJson({ datatype, shape, data }: TensorInput): unknown {
  if (ArrayBuffer.isView(data)) return tensorDataToJson({ datatype, shape, data });
  return data.map((each) => (each instanceof Uint8Array ? textOf(each) : toJsonValue(each)));
}

/** What a model of classes says is a label; that of any other may repeat what it was asked. */
function answerOf(prediction: Prediction, redaction: Redaction): object {
  const { confidence } = prediction;
  const answer = toJsonValue(prediction.prediction);
  return {
    prediction: confidence === null ? redactValue(answer, redaction) : answer,
    confidence,
  };
}

/** Numbers of the outputs that a prediction can be read from again: rows of FP32. */
function outputsOf(prediction: Prediction): { outputs?: Record<string, number[]> } {
  const outputs: Record<string, number[]> = {};
  for (const { name, datatype, shape, data } of prediction.outputs) {
    const isRow = datatype === 'FP32' && shape.length === 2 && shape[0] === 1;
    if (isRow) outputs[name] = Array.from(data as Float32Array);
  }
  return Object.keys(outputs).length === 0 ? {} : { outputs };
}

function elementsOf(tensors: TensorMap): number {
  let sum = 0;
  for (const name in tensors) sum += tensors[name]?.data.length ?? 0;
  return sum;
}

function redactValue(value: unknown, redaction: Redaction): unknown {
  if (typeof value === 'string') return redactText(value, redaction);
  if (Array.isArray(value)) return value.map((each) => redactValue(each, redaction));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, redactValue(each, redaction)]),
  );
}

/** About how many bytes the outputs of a prediction take while it waits. */
export function outputBytes(tensors: TensorMap): number {
  let sum = 0;
  for (const name in tensors) {
    const tensor = tensors[name];
    if (tensor) sum += byteLength(tensor);
  }
  return sum;
}

/** About how many bytes an input takes while it waits. */
export function inputBytes({ text, features, image, tensors }: ModelInput): number {
  if (text !== undefined) return 2 * text.length;
  if (image !== undefined) return image.length;
  if (features !== undefined) {
    let sum = 0;
    for (const name in features) {
      const value = features[name];
      sum += 64 + 2 * (typeof value === 'string' ? value.length : 0);
    }
    return sum;
  }
  let sum = 0;
  for (const { data } of tensors ?? []) {
    sum += ArrayBuffer.isView(data) ? data.byteLength : elementBytes(data);
  }
  return sum;
}

/** Numbers are 8 bytes; of texts, and of nested lists, the first stands for all. */
function elementBytes(data: readonly unknown[]): number {
  const [first] = data;
  if (typeof first === 'string') return data.length * (16 + 2 * first.length);
  if (Array.isArray(first)) return data.length * elementBytes(first);
  return data.length * 8;
}
