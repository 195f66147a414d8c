/** Most letters by which a suggestion may differ. */
const MAX_DISTANCE = 3;

/** The known word nearest to one that is not known; `undefined` where none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((each) => ({ each, distance: distance(word.toLowerCase(), each) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  const limit = Math.min(MAX_DISTANCE, Math.ceil(word.length / 2));
  return best && best.distance <= limit ? best.each : undefined;
}

/** Letters to insert, delete or replace to get from one word to another (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
