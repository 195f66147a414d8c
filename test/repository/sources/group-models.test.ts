import { describe, expect, it } from 'vitest';
import { groupModels } from '../../../src/repository/sources/group-models.ts';

describe('models of a very long listing', () => {
  it.each([
    ['all of one folder', (i: number) => `junk/${i}.bin`],
    ['of a thousand folders', (i: number) => `m${i % 1000}/1/${i}.bin`],
  ])('are told apart while others have their turn, %s', async (_name, pathOf) => {
    const files = Array.from({ length: 200_000 }, (_, i) => ({ path: pathOf(i) }));
    const work = { turns: 0, isDone: false };
    const takeTurn = (): void => {
      work.turns++;
      if (!work.isDone) setImmediate(takeTurn);
    };
    setImmediate(takeTurn);
    await groupModels(files, { nameAtTop: 'x', rename: (file, path) => ({ ...file, path }) });
    work.isDone = true;
    expect(work.turns).toBeGreaterThan(3);
  });
});
