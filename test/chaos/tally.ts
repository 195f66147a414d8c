/** What can become of one input that was sent. */
export const OUTCOMES = ['right', 'error', 'left', 'wrong', 'lost'] as const;

/** What became of one input. */
export type Outcome = (typeof OUTCOMES)[number];

/** Codes that an input may be refused with while parts of the server are broken. */
const EXPECTED_CODES = new Set([
  'INFERENCE_FAILED',
  'MODEL_NOT_READY',
  'OVERLOADED',
  'DEADLINE_EXCEEDED',
]);

/** Counts what became of what was sent. */
export class Tally {
  readonly counts: Record<Outcome, number> = { right: 0, error: 0, left: 0, wrong: 0, lost: 0 };
  readonly codes = new Map<string, number>();
  /** The first few that were wrong or lost, for the report. */
  readonly samples: unknown[] = [];

  get sent(): number {
    return OUTCOMES.reduce((sum, outcome) => sum + this.counts[outcome], 0);
  }

  /** Counts an answer: its value, or the code of its error. */
  answered(expected: number, actual: unknown): void {
    if (actual === expected) this.counts.right++;
    else if (typeof actual === 'string' && EXPECTED_CODES.has(actual)) {
      this.counts.error++;
      this.codes.set(actual, (this.codes.get(actual) ?? 0) + 1);
    } else this.#bad('wrong', 1, { expected, actual });
  }

  /** Counts inputs whose client went away by its own will. */
  left(inputs: number): void {
    this.counts.left += inputs;
  }

  /** Counts inputs that got no answer. */
  lost(inputs: number, reason: unknown): void {
    this.#bad('lost', inputs, String(reason));
  }

  #bad(outcome: 'wrong' | 'lost', inputs: number, sample: unknown): void {
    this.counts[outcome] += inputs;
    if (this.samples.length < 10) this.samples.push({ outcome, sample });
  }
}
