import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isSame } from '../../bench/agreement.ts';
import { quickest } from '../../bench/contenders/seed.ts';
import { bodyMaker, pooled } from '../../bench/load/bodies.ts';
import { DigitImages } from '../../bench/load/digit-images.ts';
import { isComplete } from '../../bench/load/lone.ts';
import { isGood } from '../../bench/load/probe.ts';
import { Random } from '../../bench/load/random.ts';
import { BATCH_SIZE, selectScenarios } from '../../bench/scenario.ts';
import { parseOptions } from '../../bench/options.ts';
import { at } from './fixture.ts';

const REST = { kind: 'rest' } as const;

describe('load of the benchmark', () => {
  it('makes every uncached body new, and the same row of them from the same seed', () => {
    for (const model of ['banking77', 'digits', 'encoder'] as const) {
      const make = bodyMaker({ api: REST, model, mode: 'uncached' }, 3);
      const bodies = Array.from({ length: 200 }, () => make());
      expect(new Set(bodies).size).toBe(200);
      const again = bodyMaker({ api: REST, model, mode: 'uncached' }, 3);
      expect(again()).toBe(bodies[0]);
      expect(bodyMaker({ api: REST, model, mode: 'uncached' }, 4)()).not.toBe(bodies[0]);
    }
  });

  it('keeps a cached body the same whatever the seed', () => {
    const spec = { api: { kind: 'graphql' }, model: 'banking77', mode: 'cached' } as const;
    const make = bodyMaker(spec, 1);
    expect(make()).toBe(make());
    expect(bodyMaker(spec, 2)()).toBe(make());
  });

  it('wraps inputs for each api', () => {
    const batch = bodyMaker({ api: REST, model: 'banking77', mode: 'batch' }, 1)();
    expect((JSON.parse(batch) as { inputs: unknown[] }).inputs).toHaveLength(BATCH_SIZE);
    const typed = bodyMaker(
      {
        api: { kind: 'typed', query: 'query {}', variable: 'text' },
        model: 'banking77',
        mode: 'uncached',
      },
      1,
    )();
    expect(JSON.parse(typed)).toEqual({
      query: 'query {}',
      variables: { text: expect.any(String) as string },
    });
  });

  it('draws images that an image library reads', async () => {
    const file = Buffer.from(new DigitImages(new Random(1)).next(), 'base64');
    const { data, info } = await sharp(file)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 28, height: 28, channels: 1 });
    expect(Math.max(...data)).toBeGreaterThan(100);
  });

  it('goes on when the bodies that were made ahead are used up', () => {
    let made = 0;
    const next = pooled(() => String(made++), 2);
    expect([next(), next(), next()]).toEqual(['0', '1', '2']);
  });

  it('tells answers from errors in all shapes', () => {
    expect(isGood('{"data":{"predict":{"prediction":"a"}}}')).toBe(true);
    expect(isGood('{"errors":[{"message":"no"}],"data":null}')).toBe(false);
    expect(isGood('{"data":{"predictBatch":{"results":[{"__typename":"PredictionError"}]}}}')).toBe(
      false,
    );
    expect(isGood('{"results":[{"error":{"code":"BAD_USER_INPUT"}}]}')).toBe(false);
  });

  it('knows where an HTTP answer ends', () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n';
    expect(isComplete(head)).toBe(false);
    expect(isComplete(`${head}\r\nabc`)).toBe(false);
    expect(isComplete(`${head}\r\nabcd`)).toBe(true);
    expect(isComplete('HTTP/1.1 200 OK\r\n\r\n3\r\nabc\r\n0\r\n\r\n')).toBe(true);
  });
});

describe('choices of the benchmark', () => {
  it('takes the deployment that is quickest while warming up', async () => {
    const rates = [10, 30, 20];
    const subject = quickest(
      rates.map((rate) => ({
        label: `at ${rate}`,
        subject: {
          id: 'seed',
          warm: () => Promise.resolve(),
          measure: () => Promise.resolve(at(rate)),
        },
      })),
    );
    await subject.warm(1);
    expect(subject.note?.()).toBe('at 30');
    expect(await subject.measure(1)).toMatchObject({ perSecond: 30 });
  });

  it('selects scenarios by name, and fewer of them in a quick run', () => {
    const ids = (quick: boolean, only: string[]) =>
      selectScenarios({ quick, only }).map(({ id }) => id);
    expect(ids(false, ['batch'])).toEqual(['batch-banking77', 'batch-digits', 'batch-encoder']);
    expect(ids(true, [])).toEqual([
      'cached-rest',
      'cached-graphql',
      'uncached-digits',
      'uncached-encoder',
    ]);
  });

  it('compares labels exactly and vectors nearly', () => {
    expect(isSame('a', 'a')).toBe(true);
    expect(isSame('a', 'b')).toBe(false);
    expect(isSame([1, 2], [1.0001, 2])).toBe(true);
    expect(isSame([1, 2], [1.1, 2])).toBe(false);
    expect(isSame([1], [1, 2])).toBe(false);
  });

  it('reads the command line and names what is wrong with it', () => {
    expect(parseOptions(['--quick', '--only', 'a,b'])).toMatchObject({
      quick: true,
      only: ['a', 'b'],
      rounds: 1,
    });
    expect(parseOptions(['--quick', '--guard'])).toMatchObject({ rounds: 3, seconds: 1.5 });
    expect(() => parseOptions(['--rounds', 'x'])).toThrow(
      '--rounds must be a number from 1 to 20, not "x"',
    );
    expect(parseOptions(['--help'])).toBe('help');
  });
});
