import { writeFile } from 'node:fs/promises';
import type { Dataset } from './data.ts';
import type { LoadedModel } from './loaded-model.ts';

/** Texts that go through the model at once. */
const BATCH = 64;

/**
 * Writes rows with what a model answers that has not seen them, as JSON lines: what
 * `ml-inference-api profile` takes, and what a temperature is fitted to.
 */
export async function writeHeldOut(
  path: string,
  data: Dataset,
  rows: readonly number[],
  model: LoadedModel,
): Promise<void> {
  const lines: string[] = [];
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    const logits = model.logits(batch.map((row) => data.buckets[row]!));
    const classes = logits.length / batch.length;
    batch.forEach((row, i) => {
      const own = logits.subarray(i * classes, (i + 1) * classes);
      lines.push(
        JSON.stringify({
          input: { text: data.texts[row] },
          actual: data.names[data.labels[row]!],
          outputs: { logits: Array.from(own, (value) => Number(value.toFixed(4))) },
        }),
      );
    });
  }
  await writeFile(path, `${lines.join('\n')}\n`);
}
