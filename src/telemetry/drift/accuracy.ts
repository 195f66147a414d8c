import type { MeasuredPrediction } from './feature-reader.ts';
import type { Profile } from './profile.ts';

/** A prediction, and what was right. */
interface KnownRow {
  readonly prediction: Pick<MeasuredPrediction, 'prediction' | 'confidence'> | null;
  readonly actual?: unknown;
}

/** How good the predictions of classes were, where the right ones are known. */
export function accuracyOf(rows: readonly KnownRow[]): Pick<Profile, 'accuracy'> {
  const known = rows.flatMap(({ prediction, actual }) => {
    const confidence = prediction?.confidence ?? null;
    if (confidence === null || typeof actual !== 'string') return [];
    return [{ confidence, right: prediction?.prediction === actual }];
  });
  if (known.length === 0) return {};
  const right = known.filter((each) => each.right).length;
  return {
    accuracy: {
      rows: known.length,
      accuracy: right / known.length,
      meanConfidence: known.reduce((sum, { confidence }) => sum + confidence, 0) / known.length,
      expectedCalibrationError: expectedCalibrationError(known),
    },
  };
}

/** Bins of {@link expectedCalibrationError}. */
const CONFIDENCE_BINS = 15;

/**
 * Expected calibration error: the mean difference of confidence and accuracy over bins of equal
 * width, weighted by how many predictions each holds (Guo et al., ICML 2017).
 */
export function expectedCalibrationError(
  answers: readonly { readonly confidence: number; readonly right: boolean }[],
): number {
  const bins = Array.from({ length: CONFIDENCE_BINS }, () => ({
    count: 0,
    confidence: 0,
    right: 0,
  }));
  for (const { confidence, right } of answers) {
    const at = Math.min(
      CONFIDENCE_BINS - 1,
      Math.max(0, Math.ceil(confidence * CONFIDENCE_BINS) - 1),
    );
    const bin = bins[at];
    if (!bin) continue;
    bin.count++;
    bin.confidence += confidence;
    bin.right += Number(right);
  }
  const gaps = bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0);
  return gaps / Math.max(1, answers.length);
}
