import { seeded, shuffle } from './random.ts';

/** Positions of the rows to train on, to choose settings by, and to report once. */
export interface Split {
  train: number[];
  tune: number[];
  report: number[];
}

/**
 * Splits 80 : 10 : 10 per label, so that no group is torn apart.
 *
 * @param labels - the label of each row
 * @param groups - the group of each row; rows of one group always stay together
 */
export function splitByGroup(labels: Int32Array, groups: Int32Array, seed: number): Split {
  const split: Split = { train: [], tune: [], report: [] };
  const random = seeded(seed);
  const members = new Map<number, number[]>();
  groups.forEach((group, row) => {
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  });
  const total = new Map<number, number>();
  for (const label of labels) total.set(label, (total.get(label) ?? 0) + 1);

  // A group counts for the label of its first row; nearly all have one label only.
  const taken = { tune: new Map<number, number>(), report: new Map<number, number>() };
  for (const rows of shuffle([...members.values()], random)) {
    const label = labels[rows[0] ?? 0] ?? 0;
    const quota = (total.get(label) ?? 0) / 10;
    const tuned = taken.tune.get(label) ?? 0;
    const reported = taken.report.get(label) ?? 0;
    // Rounding to the nearest keeps the parts at a tenth although groups differ in size.
    if (reported + rows.length / 2 <= quota) {
      split.report.push(...rows);
      taken.report.set(label, reported + rows.length);
    } else if (tuned + rows.length / 2 <= quota) {
      split.tune.push(...rows);
      taken.tune.set(label, tuned + rows.length);
    } else {
      split.train.push(...rows);
    }
  }
  return split;
}

/**
 * Groups texts that say nearly the same in nearly the same words: two texts are near duplicates when
 * the Jaccard similarity of their sets of words reaches the threshold, and whatever is connected by
 * near duplicates forms one group (union-find).
 *
 * @param texts - normalised texts
 * @returns for each text the position of its group's representative
 */
export function groupNearDuplicates(texts: readonly string[], threshold: number): Int32Array {
  const parent = Int32Array.from(texts, (_, i) => i);
  const find = (row: number): number => {
    let root = row;
    while ((parent[root] ?? root) !== root) root = parent[root] ?? root;
    for (let at = row; at !== root;) {
      const next = parent[at] ?? root;
      parent[at] = root;
      at = next;
    }
    return root;
  };

  const postings = new Map<string, number[]>();
  const sizes = new Int32Array(texts.length);
  const shared = new Int32Array(texts.length);
  texts.forEach((text, row) => {
    const words = new Set(text.split(' '));
    sizes[row] = words.size;
    const met: number[] = [];
    for (const word of words) {
      const rows = postings.get(word) ?? [];
      for (const other of rows) {
        if (shared[other] === 0) met.push(other);
        shared[other] = (shared[other] ?? 0) + 1;
      }
      rows.push(row);
      postings.set(word, rows);
    }
    for (const other of met) {
      const both = shared[other] ?? 0;
      shared[other] = 0;
      if (both / (words.size + (sizes[other] ?? 0) - both) >= threshold) {
        parent[find(other)] = find(row);
      }
    }
  });
  return parent.map((_, row) => find(row));
}
