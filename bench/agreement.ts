import { freshInputs } from './load/inputs.ts';
import type { BenchModel } from './scenario.ts';

/** Inputs that both are asked about. */
const INPUTS = 20;

/**
 * Whether two servers with the same REST api answer the same: the comparison of speeds means
 * nothing unless they do.
 *
 * @param first address of its `/predict`
 * @param second address of its `/predict`
 */
export async function agreement(first: string, second: string, model: BenchModel): Promise<string> {
  const next = freshInputs(model, 99);
  let same = 0;
  for (let i = 0; i < INPUTS; i++) {
    const body = JSON.stringify({ input: next(), model });
    const [a, b] = await Promise.all([predict(first, body), predict(second, body)]);
    if (isSame(a, b)) same++;
  }
  return `${model}: ${same} of ${INPUTS} answers of the two stacks agree`;
}

/** Labels must be equal, vectors within what the order of additions changes. */
export function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return (
    a.length === b.length &&
    a.every(
      (value, i) => Math.abs(Number(value) - Number(b[i])) < 1e-3 * (1 + Math.abs(Number(value))),
    )
  );
}

async function predict(url: string, body: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { prediction } = (await response.json()) as { prediction: unknown };
  return prediction;
}
