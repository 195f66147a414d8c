import type { Dataset } from './data.ts';

/** The class that a model finds likeliest for each of the given rows. */
export type Classify = (rows: readonly number[]) => Int32Array;

/** The position of the highest score. */
export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

/** The share of rows classified as labelled. */
export function accuracy(data: Dataset, rows: readonly number[], classify: Classify): number {
  const found = classify(rows);
  let right = 0;
  rows.forEach((row, i) => {
    if (found[i] === data.labels[row]) right++;
  });
  return right / rows.length;
}

/** The pairs of labels that are confused most often, as printable lines. */
export function worstConfusions(
  data: Dataset,
  rows: readonly number[],
  classify: Classify,
  count: number,
): string[] {
  const found = classify(rows);
  const pairs = new Map<string, number>();
  rows.forEach((row, i) => {
    const [label, guess] = [data.labels[row]!, found[i]!];
    if (label === guess) return;
    const pair = `${data.names[label]} taken for ${data.names[guess]}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  });
  return [...pairs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([pair, times]) => `${String(times).padStart(4)} × ${pair}`);
}

/** `91.2 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Says how far training is: rewrites one line on a terminal, prints plain lines elsewhere. */
export class Progress {
  readonly #started = Date.now();
  readonly #steps: number;
  #done = 0;

  constructor(steps: number) {
    this.#steps = steps;
  }

  step(message: string): void {
    this.#done++;
    const seconds = (Date.now() - this.#started) / 1000;
    const left = (seconds / this.#done) * (this.#steps - this.#done);
    const line = `${message}  ${seconds.toFixed(0)} s, ${left.toFixed(0)} s left`;
    if (!process.stdout.isTTY) {
      console.log(line);
      return;
    }
    process.stdout.write(`\r\u001b[K${line}${this.#done === this.#steps ? '\n' : ''}`);
  }
}
