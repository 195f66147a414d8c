import { badInput } from '../errors.ts';
import type { OutputKind } from '../services/output-kind.ts';

/** Relative difference up to which two versions' numbers agree. */
const SAME_NUMBER = 0.01;

/** Relative difference up to which a predicted number counts as right. */
const RIGHT_NUMBER = 0.1;

/** Cosine similarity from which two embeddings agree. */
const SAME_DIRECTION = 0.99;

/** An answer that can be held against another, or against what turned out. */
export type Answer = string | number | readonly string[] | readonly number[];

/**
 * What a prediction of this kind of output can be compared by; `undefined` for raw tensors, of which
 * nothing is known.
 */
export function toAnswer(kind: OutputKind, prediction: unknown): Answer | undefined {
  if (kind === 'tensors') return undefined;
  if (typeof prediction === 'string' || typeof prediction === 'number') return prediction;
  if (ArrayBuffer.isView(prediction)) return Array.from(prediction as unknown as Float32Array);
  return Array.isArray(prediction) ? (prediction as readonly string[]) : undefined;
}

/** Whether two versions say the same: equal labels, or numbers within 1 percent. */
export function agrees(kind: OutputKind, a: Answer, b: Answer): boolean {
  if (kind === 'embedding') return cosine(a, b) >= SAME_DIRECTION;
  if (kind === 'regression') return near(a, b, SAME_NUMBER);
  return sameLabels(a, b);
}

/**
 * Whether a prediction was right: the label, the set of labels, or a number within 10 percent of
 * what turned out.
 *
 * @throws {ServiceError} `BAD_USER_INPUT` where the outcome is not of the kind that the model predicts
 */
export function isRight(kind: OutputKind, predicted: Answer, actual: unknown): boolean {
  switch (kind) {
    case 'classification':
      if (typeof actual !== 'string') throw badOutcome('the label that was right, as a string');
      return predicted === actual;
    case 'multi-label':
      if (!isListOf(actual, 'string')) throw badOutcome('the list of the labels that were right');
      return sameLabels(predicted, actual);
    case 'regression':
      if (typeof actual !== 'number' && !isListOf(actual, 'number')) {
        throw badOutcome('the number (or list of numbers) that turned out');
      }
      return near(actual, predicted, RIGHT_NUMBER);
    case 'embedding':
    case 'tensors':
      throw badInput(
        'Outcomes can be reported for labels and numbers, not for this kind of output.',
      );
  }
}

function badOutcome(expected: string) {
  return badInput(`actual: expected ${expected}.`, { field: 'actual' });
}

function isListOf<T extends 'string' | 'number'>(
  value: unknown,
  type: T,
): value is (T extends 'string' ? string : number)[] {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}

function sameLabels(a: Answer, b: Answer): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  const labels = new Set<unknown>(a);
  return labels.size === new Set<unknown>(b).size && b.every((label) => labels.has(label));
}

/** Whether all numbers of `b` are those of `a`, give or take a share of them. */
function near(a: Answer, b: Answer, tolerance: number): boolean {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (left.length !== right.length) return false;
  return left.every((value, i) => {
    const difference = Math.abs(value - (right[i] ?? Number.NaN));
    // The second term is for numbers around zero, where no share of them means anything.
    return difference <= tolerance * Math.abs(value) || difference <= 1e-9;
  });
}

function numbersOf(answer: Answer): readonly number[] {
  const list: readonly unknown[] = Array.isArray(answer)
    ? (answer as readonly unknown[])
    : [answer];
  return list.map(Number);
}

function cosine(a: Answer, b: Answer): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (left.length !== right.length) return 0;
  const dot = left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
  const length = Math.hypot(...left) * Math.hypot(...right);
  return length === 0 ? 0 : dot / length;
}
