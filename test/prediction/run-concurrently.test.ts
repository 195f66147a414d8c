import { describe, expect, it } from 'vitest';
import { runConcurrently } from '../../src/prediction/run-concurrently.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('runConcurrently', () => {
  it('works on each index once, in order, never on more than allowed at once', async () => {
    const begun: number[] = [];
    let open = 0;
    let most = 0;
    await runConcurrently(100, 7, async (index) => {
      begun.push(index);
      most = Math.max(most, ++open);
      await turn();
      open--;
    });
    expect(begun).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(most).toBe(7);
  });

  it('gives the event loop a turn although nothing waits', async () => {
    let turns = 0;
    const state = { over: false };
    const count = (): void => {
      turns++;
      if (!state.over) setImmediate(count);
    };
    setImmediate(count);
    await runConcurrently(160, 4, () => {
      const until = performance.now() + 1;
      while (performance.now() < until);
      return Promise.resolve();
    });
    state.over = true;
    expect(turns).toBeGreaterThan(3);
  });

  it('does nothing for nothing', async () => {
    await runConcurrently(0, 4, () => Promise.reject(new Error('never called')));
  });
});
