import { LatencyHistogram } from '../telemetry/latency-histogram.ts';
import type { Answer } from './agreement.ts';
import type { Tally } from './confidence-sequence.ts';

/** Most labels whose predictions are counted one by one. */
export const MAX_LABELS = 1000;

/** A share of things that went well. */
class Count implements Tally {
  successes = 0;
  count = 0;

  add(success: boolean): void {
    this.count++;
    if (success) this.successes++;
  }

  /** `null` before the first. */
  get rate(): number | null {
    return this.count === 0 ? null : this.successes / this.count;
  }
}

/** What a guard judges by: counted anew for each trial of a version. */
export class Trial {
  /** Answered requests, of those that the client did not get wrong and the serving version answers. */
  readonly answered = new Count();
  /** Latency of answers that were computed; those from the cache would say more of it than of the version. */
  readonly latency = new LatencyHistogram();
  /** Answers as a shadow that were those of the answering version. */
  readonly agreement = new Count();
  /** Predictions that turned out right. */
  readonly outcomes = new Count();
}

/** What is known of how one version does, since it was loaded. */
export class VersionStats {
  readonly total = new Trial();
  readonly #predictions = new Map<string, number>();
  #otherPredictions = 0;
  #confidence = { sum: 0, count: 0 };
  #trial = new Trial();

  /** Runs as a shadow: under way, left out since the version was busy, and failed. */
  readonly shadow = { running: 0, dropped: 0, failed: 0 };

  /** Failures that the serving version is asked about. */
  confirming = 0;

  /** The figures since {@link beginTrial}. */
  get trial(): Trial {
    return this.#trial;
  }

  /** Counts a new trial from zero; the totals go on. */
  beginTrial(): void {
    this.#trial = new Trial();
  }

  /** A request was answered. */
  answered(latencyMs: number, cached: boolean): void {
    for (const figures of [this.total, this.#trial]) {
      figures.answered.add(true);
      if (!cached) figures.latency.record(latencyMs);
    }
  }

  /**
   * A request failed, as far as is known through no fault of its client. The trial counts it where
   * the serving version has answered the same input: see `confirmFailure`.
   */
  failed(): void {
    this.total.answered.add(false);
  }

  /** What was predicted, and how sure the version was. */
  predicted(answer: Answer, confidence: number | null): void {
    if (confidence !== null) {
      this.#confidence.sum += confidence;
      this.#confidence.count++;
    }
    if (typeof answer === 'string') this.#countLabel(answer);
    else if (typeof answer !== 'number') {
      for (const label of answer) if (typeof label === 'string') this.#countLabel(label);
    }
  }

  /** The version has run as a shadow, and said the same or not. */
  compared(agreed: boolean): void {
    for (const { agreement } of [this.total, this.#trial]) agreement.add(agreed);
  }

  /** It has turned out whether a prediction was right. */
  outcome(right: boolean): void {
    for (const { outcomes } of [this.total, this.#trial]) outcomes.add(right);
  }

  /** `null` before the first prediction that has one. */
  get meanConfidence(): number | null {
    const { sum, count } = this.#confidence;
    return count === 0 ? null : sum / count;
  }

  /** Predictions by label, the most frequent first. */
  get predictions(): { label: string; count: number }[] {
    return Array.from(this.#predictions, ([label, count]) => ({ label, count })).sort(
      (a, b) => b.count - a.count || (a.label < b.label ? -1 : 1),
    );
  }

  /** Predictions of labels that came after the first {@link MAX_LABELS}. */
  get otherPredictions(): number {
    return this.#otherPredictions;
  }

  #countLabel(label: string): void {
    const count = this.#predictions.get(label);
    if (count === undefined && this.#predictions.size >= MAX_LABELS) this.#otherPredictions++;
    else this.#predictions.set(label, (count ?? 0) + 1);
  }
}
