import { describe, expect, it } from 'vitest';
import { Distribution } from '../../../../src/server/graphql/shared/distribution.ts';
import { FrameReceiver } from '../../../../src/server/graphql/shared/frame-receiver.ts';
import { SharedResult } from '../../../../src/server/graphql/shared/shared-result.ts';
import { SharedSubscription } from '../../../../src/server/graphql/shared/shared-subscription.ts';
import { TurnSharer } from '../../../../src/server/graphql/shared/turn-sharer.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Keeps the event loop busy. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** A subscriber that keeps the payloads of what it got, each after `costMs` of work. */
function subscriber(costMs = 0) {
  const got: unknown[] = [];
  const receiver = new FrameReceiver('1', (frame, done) => {
    spin(costMs);
    const { payload } = JSON.parse(frame.subarray(2).toString()) as { payload: unknown };
    got.push(payload);
    done();
  });
  return { got, subscription: new SharedSubscription(receiver) };
}

describe('the distribution of results', () => {
  it('leaves turns of the event loop to others', async () => {
    const distribution = new Distribution(new TurnSharer());
    const all = Array.from({ length: 20 }, () => subscriber(2));
    for (const { subscription } of all) distribution.add(subscription);
    distribution.start(new SharedResult('1'));
    let turns = 0;
    while (all.some(({ got }) => got.length === 0)) {
      await turn();
      turns++;
    }
    expect(turns).toBeGreaterThanOrEqual(10);
    expect(all.map(({ got }) => got)).toEqual(all.map(() => [1]));
  });

  it('gives the newest result to those who have not got the one before', async () => {
    const distribution = new Distribution(new TurnSharer());
    const all = Array.from({ length: 10 }, () => subscriber(3));
    for (const { subscription } of all) distribution.add(subscription);
    distribution.start(new SharedResult('1'));
    while (all[2]?.got.length === 0) await turn();
    distribution.start(new SharedResult('2'));
    while (all.some(({ got }) => got.at(-1) !== 2)) await turn();
    expect(all[0]?.got).toEqual([1, 2]);
    expect(all[9]?.got).toEqual([2]);
  });

  it('gives a result that came before to nobody who came after', async () => {
    const distribution = new Distribution(new TurnSharer());
    const [early, late] = [subscriber(), subscriber()];
    distribution.add(early.subscription);
    distribution.start(new SharedResult('1'));
    distribution.add(late.subscription);
    while (early.got.length === 0) await turn();
    distribution.start(new SharedResult('2'));
    while (late.got.length === 0) await turn();
    expect(late.got).toEqual([2]);
  });
});

describe('the receiver of frames', () => {
  it('keeps the newest frame alone while one is under way', () => {
    const written: string[] = [];
    let done: () => void = () => undefined;
    const receiver = new FrameReceiver('1', (frame, onDone) => {
      written.push(frame.toString());
      done = onDone;
    });
    for (const text of ['a', 'b', 'c']) receiver.send(Buffer.from(text));
    expect(written).toEqual(['a']);
    done();
    expect(written).toEqual(['a', 'c']);
    done();
    expect(written).toEqual(['a', 'c']);
  });

  it('forgets what waits when it is closed', () => {
    const written: string[] = [];
    let done: () => void = () => undefined;
    const receiver = new FrameReceiver('1', (frame, onDone) => {
      written.push(frame.toString());
      done = onDone;
    });
    for (const text of ['a', 'b']) receiver.send(Buffer.from(text));
    receiver.close();
    done();
    expect(written).toEqual(['a']);
  });
});
