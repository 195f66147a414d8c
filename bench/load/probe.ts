/** Longest part of a refusal that is shown. */
const SHOWN = 300;

/**
 * Sends one request and looks closely at its answer: how quickly a server fails is of no interest.
 *
 * @throws {Error} with the beginning of the answer when it holds no prediction
 */
export async function probe(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  if (response.ok && isGood(text)) return;
  throw new Error(`answered ${response.status}: ${text.slice(0, SHOWN)}`);
}

/** Whether an answer holds predictions and no error, in any of the shapes that are measured. */
export function isGood(text: string): boolean {
  return !/"errors?":|"PredictionError"/.test(text);
}
