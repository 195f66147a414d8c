import { describe, expect, it, vi } from 'vitest';
import { CircuitBreaker, type Clock } from '../../src/redis/circuit-breaker.ts';

/** A clock that stands until someone moves it. */
class TestClock implements Clock {
  #now = 0;
  readonly delays: number[] = [];
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    this.delays.push(ms);
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
    // Lets the probes end.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

async function breakerThat(answers: (string | null)[]) {
  const clock = new TestClock();
  const onChange = vi.fn();
  const probe = vi.fn(() => Promise.resolve(answers.length > 1 ? answers.shift()! : answers[0]!));
  const breaker = new CircuitBreaker({ probe, onChange, clock, random: () => 0 });
  breaker.start();
  await clock.pass(0);
  return { breaker, clock, onChange, probe };
}

describe('circuit breaker', () => {
  it('is open until the first probe says that all is well', async () => {
    const breaker = new CircuitBreaker({ probe: () => Promise.resolve(null) });
    expect(breaker.state).toBe('open');
    breaker.start();
    expect(breaker.state).toBe('half-open');
    await vi.waitFor(() => expect(breaker.state).toBe('closed'));
    expect(breaker.reason).toBeNull();
  });

  it('opens after some failures in a row, not after as many in all', async () => {
    const { breaker, onChange } = await breakerThat([null]);
    for (let round = 0; round < 5; round++) {
      breaker.failed('no');
      breaker.failed('no');
      breaker.succeeded();
    }
    expect(breaker.state).toBe('closed');
    for (let round = 0; round < 3; round++) breaker.failed('no');
    expect(breaker.state).toBe('open');
    expect(onChange.mock.calls).toEqual([
      ['up', null],
      ['down', 'no'],
    ]);
  });

  it('opens at once when tripped', async () => {
    const { breaker } = await breakerThat([null]);
    breaker.trip('gone');
    expect(breaker).toMatchObject({ state: 'open', reason: 'gone' });
  });

  it('probes with a growing pause and reports once, whatever the number of probes', async () => {
    const { breaker, clock, onChange, probe } = await breakerThat(['refused']);
    for (let round = 0; round < 9; round++) await clock.pass(5_000);
    expect(clock.delays).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000, 5_000]);
    expect(probe).toHaveBeenCalledTimes(10);
    expect(onChange.mock.calls).toEqual([['down', 'refused']]);
    expect(breaker.state).toBe('open');
  });

  it('closes when a probe says so', async () => {
    const { breaker, clock, onChange } = await breakerThat(['refused', 'refused', null]);
    await clock.pass(200);
    expect(breaker.state).toBe('open');
    await clock.pass(400);
    expect(breaker.state).toBe('closed');
    expect(onChange.mock.calls).toEqual([
      ['down', 'refused'],
      ['up', null],
    ]);
  });

  it('tries ever more rarely when it flaps, and quickly again after a calm time', async () => {
    const { breaker, clock } = await breakerThat([null]);
    for (let round = 0; round < 4; round++) {
      breaker.trip('flaps');
      await clock.pass(5_000);
    }
    expect(clock.delays).toEqual([200, 400, 800, 1_600]);
    await clock.pass(10_000);
    breaker.trip('once');
    expect(clock.delays.at(-1)).toBe(100);
  });

  it('takes a probe that throws for one that failed', async () => {
    const breaker = new CircuitBreaker({ probe: () => Promise.reject(new Error('bug')) });
    breaker.start();
    await vi.waitFor(() => expect(breaker.state).toBe('open'));
    expect(breaker.reason).toBe('the probe failed');
    breaker.close();
  });

  it('does nothing any more once it is closed for good', async () => {
    const { breaker, clock, onChange, probe } = await breakerThat([null]);
    breaker.trip('gone');
    breaker.close();
    await clock.pass(60_000);
    expect(probe).toHaveBeenCalledTimes(1);
    breaker.trip('again');
    expect(onChange).toHaveBeenCalledTimes(2);
    expect(breaker.state).toBe('open');
  });
});
