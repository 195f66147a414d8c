import { bytes, flag, integer, setting, share } from './setting.ts';

/** The record of predictions. */
export const CAPTURE_SETTINGS = {
  capture: setting(
    'CAPTURE',
    flag,
    'false',
    'Whether predictions are recorded under `STATE_DIR`, without inputs unless `model.yaml` allows them.',
  ),
  captureSampleRate: setting(
    'CAPTURE_SAMPLE_RATE',
    share,
    '1',
    'Share of predictions that are recorded, 0 to 1; `model.yaml` may set another for its model.',
  ),
  captureMaxBytes: setting(
    'CAPTURE_MAX_BYTES',
    bytes,
    '1GB',
    'Maximum size of all recorded files; beyond it, the oldest are deleted.',
  ),
  captureFileBytes: setting(
    'CAPTURE_FILE_BYTES',
    bytes,
    '64MB',
    'Size from which a model’s next record starts a new file.',
  ),
  captureFileSeconds: setting(
    'CAPTURE_FILE_SECONDS',
    integer(1, 31_536_000),
    '3600',
    'Age from which a model’s next record starts a new file, in seconds.',
  ),
  captureBufferBytes: setting(
    'CAPTURE_BUFFER_BYTES',
    bytes,
    '8MB',
    'Maximum size of records that wait to be written; beyond it, records are dropped and counted.',
  ),
} as const;
