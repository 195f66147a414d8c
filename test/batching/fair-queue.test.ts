import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairQueue } from '../../src/batching/fair-queue.ts';

interface Item {
  readonly from: string;
  readonly rows: number;
  isWanted: boolean;
}

const item = (from: string, rows = 1): Item => ({ from, rows, isWanted: true });

function drain(queue: FairQueue<Item>, count = Infinity): Item[] {
  const taken: Item[] = [];
  while (taken.length < count) {
    const next = queue.take();
    if (!next) break;
    taken.push(next);
  }
  return taken;
}

describe('a fair queue', () => {
  test('lets a single row go among the next two, however many wait', () => {
    const queue = new FairQueue<Item>();
    for (let i = 0; i < 50_000; i++) queue.push(item('flood'), { id: 'flood', weight: 1 });
    drain(queue, 100);
    queue.push(item('quiet'), { id: 'quiet', weight: 1 });
    expect(drain(queue, 2).map(({ from }) => from)).toContain('quiet');
    expect(drain(queue)).toHaveLength(49_899);
  });

  test('shares by weight', () => {
    const queue = new FairQueue<Item>();
    for (let i = 0; i < 1000; i++) {
      queue.push(item('heavy'), { id: 'heavy', weight: 3 });
      queue.push(item('light'), { id: 'light', weight: 1 });
      queue.push(item('slight'), { id: 'slight', weight: 0.5 });
    }
    const taken = drain(queue, 900);
    const count = (from: string) => taken.filter((each) => each.from === from).length;
    expect(count('heavy')).toBeGreaterThanOrEqual(595);
    expect(count('light')).toBeGreaterThanOrEqual(195);
    expect(count('slight')).toBeGreaterThanOrEqual(95);
  });

  test('counts rows and not items', () => {
    const queue = new FairQueue<Item>();
    for (let i = 0; i < 10; i++) queue.push(item('large', 100), { id: 'large', weight: 1 });
    for (let i = 0; i < 1000; i++) queue.push(item('small'), { id: 'small', weight: 1 });
    const rows = { large: 0, small: 0 };
    for (const { from, rows: taken } of drain(queue, 606)) {
      rows[from as keyof typeof rows] += taken;
    }
    expect(Math.abs(rows.large - rows.small)).toBeLessThanOrEqual(100);
  });

  test('passes over what nobody waits for', () => {
    const queue = new FairQueue<Item>();
    const items = Array.from({ length: 10 }, () => item('a'));
    for (const each of items) queue.push(each, { id: 'a', weight: 1 });
    for (const each of items.slice(0, 9)) each.isWanted = false;
    expect(drain(queue)).toEqual([items[9]]);
  });

  test('makes room at the cost of who has most waiting, and of nobody else', () => {
    const queue = new FairQueue<Item>();
    const flood = Array.from({ length: 100 }, () => item('flood'));
    for (const each of flood) queue.push(each, { id: 'flood', weight: 1 });
    queue.push(item('other'), { id: 'other', weight: 1 });
    expect(queue.dropLongest({ id: 'quiet', weight: 1 }, 1)).toBe(flood[99]);
    expect(queue.dropLongest({ id: 'flood', weight: 1 }, 1)).toBeUndefined();
    expect(queue.dropLongest({ id: 'quiet', weight: 1 }, 200)).toBeUndefined();
    expect(queue.dropLongest({ id: 'quiet', weight: 100 }, 200)).toBe(flood[98]);
  });

  test('loses nothing, keeps the order of each, and is fair to any two that both wait', () => {
    const share = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      rows: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(share, { maxLength: 200 }), fc.array(fc.boolean()), (shares, takes) => {
        const queue = new FairQueue<Item>();
        const pushed: Item[] = [];
        const taken: Item[] = [];
        for (const [at, { id, rows }] of shares.entries()) {
          const next = item(id, rows);
          pushed.push(next);
          queue.push(next, { id, weight: 1 });
          const now = takes[at] ? queue.take() : undefined;
          if (now) taken.push(now);
        }
        taken.push(...drain(queue));
        expect(taken).toHaveLength(pushed.length);
        for (const id of ['a', 'b', 'c', 'd']) {
          const of = (list: readonly Item[]) => list.filter(({ from }) => from === id);
          expect(of(taken)).toEqual(of(pushed));
        }
      }),
      { numRuns: 200 },
    );
  });
});
