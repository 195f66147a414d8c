import { internalCall } from '../services/call.ts';
import { tensorDataToJson, toJsonValue } from '../tensor/json-value.ts';
import type { Prediction } from '../services/prediction.ts';
import { predictBulk } from './bulk.ts';
import { toModelPath } from './model-path.ts';
import { openModels } from './offline-models.ts';
import { readInput } from './read-input.ts';
import { UsageError } from './report.ts';

/** Options of `predict`. */
export interface PredictOptions {
  readonly models?: string;
  /** File whose rows are predicted, or `-`. */
  readonly batch?: string;
  readonly top: number;
  readonly json?: boolean;
}

/** Loads one model, makes one prediction, or one for each row of a file, and prints them. */
export async function predict(
  modelOrPath: string,
  argument: string | undefined,
  { models: folder, batch, top, json }: PredictOptions,
): Promise<void> {
  if ((argument === undefined) === (batch === undefined)) {
    throw new UsageError(
      argument === undefined
        ? "missing required argument 'input', or --batch FILE (see --help)"
        : 'Give either an input or --batch FILE, not both (see --help).',
    );
  }
  const { directory, name: model } = toModelPath(modelOrPath, folder);
  if (!Number.isInteger(top) || top < 1) throw new UsageError('--top takes a number from 1 up.');
  const models = await openModels({ directory, only: model });
  try {
    const status = models.catalog.get(model);
    if (status?.servingVersion === null) {
      throw new UsageError(`${model} cannot be used: ${status.reason ?? 'no reason is known'}`);
    }
    if (batch !== undefined) {
      const failed = await predictBulk({
        model,
        kind: status?.inputKind ?? 'text',
        file: batch,
        predictions: models.predictor,
        toLine: (prediction) => toJson(prediction, top),
      });
      if (failed > 0) process.exitCode = 1;
      return;
    }
    const input = await readInput(argument ?? '', status?.inputKind ?? 'text');
    const allOutputs = status?.outputKind === 'tensors';
    const prediction = await models.predictor.predict(internalCall('command-line'), {
      model,
      input,
      allOutputs,
    });
    const text = json ? JSON.stringify(toJson(prediction, top), null, 2) : toText(prediction, top);
    process.stdout.write(`${text}\n`);
  } finally {
    await models.close();
  }
}

function toText(prediction: Prediction, top: number): string {
  const scores = prediction.scores(top);
  if (scores) {
    const width = Math.max(...scores.map(({ label }) => label.length));
    return scores
      .map(({ label, score }) => `${label.padEnd(width)}  ${(score * 100).toFixed(1).padStart(5)}%`)
      .join('\n');
  }
  const value = toJsonValue(prediction.prediction);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toJson(prediction: Prediction, top: number): object {
  const scores = prediction.scores(top);
  return {
    prediction: toJsonValue(prediction.prediction),
    confidence: prediction.confidence,
    ...(scores && { scores }),
    ...(!scores && {
      outputs: prediction.outputs.map((tensor) => ({
        name: tensor.name,
        datatype: tensor.datatype,
        shape: tensor.shape,
        data: tensorDataToJson(tensor),
      })),
    }),
    model: prediction.model,
    version: prediction.version,
    latency_ms: prediction.latencyMs,
  };
}
