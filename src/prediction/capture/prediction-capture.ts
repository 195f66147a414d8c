import type { CaptureManifest } from '../../repository/manifest/capture.ts';
import type { Call } from '../../services/call.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { Prediction } from '../../services/prediction.ts';
import type { OutcomeReport, PredictOptions } from '../../services/services.ts';
import type { ServedVersion } from '../../serving/served-version.ts';
import {
  inputBytes,
  outcomeLine,
  outputBytes,
  predictionLine,
} from '../../telemetry/capture/capture-record.ts';
import type { CaptureWriter } from '../../telemetry/capture/capture-writer.ts';
import type { PredictionObserver } from '../prediction-observer.ts';

/** What a record takes in memory besides input and outputs, in bytes. */
const RECORD_BYTES = 512;

/** Largest input that is recorded, in bytes as they wait. */
const MAX_INPUT_BYTES = 1024 * 1024;

/** Options of {@link PredictionCapture}. */
export interface PredictionCaptureOptions {
  readonly writer: CaptureWriter;
  /** Share of predictions that are recorded where a model does not say it. */
  readonly sampleRate: number;
  /** What the `model.yaml` of a model says now; `undefined` where it is gone. */
  readonly settingsOf: (model: string) => CaptureManifest | undefined;
}

/** Records predictions, cached or not, and their outcomes. */
export class PredictionCapture implements PredictionObserver {
  readonly #options: PredictionCaptureOptions;

  constructor(options: PredictionCaptureOptions) {
    this.#options = options;
  }

  answered(
    call: Call,
    served: ServedVersion,
    { onlyOutputs, raw }: PredictOptions,
    input: ModelInput,
    prediction: Prediction,
  ): void {
    const { writer, settingsOf, sampleRate } = this.#options;
    const settings = settingsOf(served.model);
    if (!settings?.enabled || call.transport === 'internal') return;
    const rate = settings.sampleRate ?? sampleRate;
    if (rate < 1 && Math.random() >= rate) return;
    const size = settings.inputs ? inputBytes(input) : 0;
    const isTooLarge = size > MAX_INPUT_BYTES;
    const captured = {
      time: Date.now(),
      input: settings.inputs && !isTooLarge ? kept(input) : null,
      redaction: settings.redact,
      prediction,
      // Outputs that were picked may not tell what was predicted, and those past the codecs never do.
      isWhole: !onlyOutputs && !raw,
      ...(isTooLarge && { omitted: ['input'] }),
    };
    writer.push({
      model: served.model,
      bytes: RECORD_BYTES + (isTooLarge ? 0 : size) + outputBytes(prediction.tensors),
      line: () => predictionLine(captured),
    });
  }

  failed(): void {
    // Only what was predicted is recorded; errors are in the log.
  }

  /** Records an outcome, by which its prediction can be judged later. */
  reported(
    { predictionId, model, version, correct, counted }: OutcomeReport,
    actual: unknown,
  ): void {
    const settings = this.#options.settingsOf(model);
    if (!settings?.enabled || !counted) return;
    if ((settings.sampleRate ?? this.#options.sampleRate) === 0) return;
    const outcome = { time: Date.now(), id: predictionId, model, version, actual, correct };
    this.#options.writer.push({
      model,
      bytes: RECORD_BYTES + (typeof actual === 'string' ? 2 * actual.length : 0),
      line: () => outcomeLine(outcome),
    });
  }
}

/** An image that is a small part of the request that brought it does not keep all of that. */
function kept(input: ModelInput): ModelInput {
  const { image } = input;
  if (!(image instanceof Uint8Array)) return input;
  return image.byteLength * 2 < image.buffer.byteLength ? { image: image.slice() } : input;
}
