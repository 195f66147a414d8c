import path from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import type { ModelCatalog } from '../../serving/model-catalog.ts';
import { CaptureFiles } from '../../telemetry/capture/capture-files.ts';
import { CaptureWriter, DROP_REASONS } from '../../telemetry/capture/capture-writer.ts';
import type { Gauge } from '../../telemetry/exposition.ts';
import { PredictionCapture } from './prediction-capture.ts';

/** The record of predictions, and its figures. */
export interface Capture {
  readonly observer: PredictionCapture;
  readonly gauges: readonly Gauge[];
  /** Writes what still waits. */
  close(): Promise<void>;
}

/**
 * Makes what records predictions as the settings have it.
 *
 * @returns `undefined` with `CAPTURE=false`
 */
export function createCapture(
  config: Config,
  { catalog, logger }: { readonly catalog: ModelCatalog; readonly logger: Logger },
): Capture | undefined {
  if (!config.capture) return undefined;
  const writer = new CaptureWriter({
    files: new CaptureFiles({
      directory: path.join(config.stateDir, 'capture'),
      fileBytes: config.captureFileBytes,
      fileMs: config.captureFileSeconds * 1000,
      maxBytes: config.captureMaxBytes,
    }),
    bufferBytes: config.captureBufferBytes,
    onProblem: (reason) => {
      if (reason === null) logger.info('predictions are recorded again');
      else logger.warn({ reason }, 'predictions cannot be recorded in STATE_DIR');
    },
  });
  const observer = new PredictionCapture({
    writer,
    sampleRate: config.captureSampleRate,
    settingsOf: (model) => catalog.find(model)?.folder.manifest?.capture,
  });
  return { observer, gauges: gaugesOf(writer), close: () => writer.close() };
}

function gaugesOf(writer: CaptureWriter): Gauge[] {
  return [
    {
      name: 'ml_inference_capture_records_total',
      type: 'counter',
      help: 'Predictions and outcomes that were recorded.',
      read: () => writer.written,
    },
    {
      name: 'ml_inference_capture_dropped_total',
      type: 'counter',
      help: 'Records that were dropped, by reason (buffer_full, write_failed or too_large).',
      read: () =>
        DROP_REASONS.map((reason) => ({ value: writer.dropped[reason], labels: { reason } })),
    },
    {
      name: 'ml_inference_capture_buffer_bytes',
      help: 'Bytes of the records that wait to be written.',
      read: () => writer.waitingBytes,
    },
    {
      name: 'ml_inference_capture_disk_bytes',
      help: 'Bytes of the recorded files.',
      read: () => writer.fileBytes,
    },
  ];
}
