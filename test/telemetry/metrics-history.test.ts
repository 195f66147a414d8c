import { afterEach, describe, expect, it } from 'vitest';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { MetricsHistory } from '../../src/telemetry/metrics-history.ts';

const START = 1_700_000_000_000;

/** A history whose clock stands until it is moved. */
class Fixture {
  now = START;
  readonly metrics = new Metrics({ now: () => this.now });
  readonly history = new MetricsHistory(this.metrics);

  predict(model: string, times: number, ms = 10): void {
    const recorder = this.metrics.recorder(model, '1');
    for (let i = 0; i < times; i++) {
      recorder.started();
      recorder.cacheMiss('memory', 0.1);
      recorder.succeeded(ms);
    }
  }

  /** Lets ten seconds go by, at whose end a reading is taken. */
  step(): void {
    this.now += 10_000;
    this.history.sample();
  }
}

describe('the last hour of metrics', () => {
  let fixture: Fixture;
  afterEach(() => fixture.history.close());

  it('has a point for every ten seconds, and one up to now', () => {
    fixture = new Fixture();
    fixture.predict('a', 50);
    fixture.step();
    fixture.predict('a', 20);
    fixture.metrics.recorder('a', '1').started();
    fixture.metrics.recorder('a', '1').failed('INFERENCE_FAILED', 3);
    fixture.metrics.recorder('a', '1').cacheHit('memory', 0.1);
    fixture.now += 6_000;
    const [first, last, ...others] = fixture.history.points('a');
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      timestamp: START + 10_000,
      requestsPerSecond: 5,
      failuresPerSecond: 0,
      cacheHitRate: 0,
    });
    expect(first?.p95Ms).toBeCloseTo(10, 0);
    expect(last).toMatchObject({ timestamp: START + 16_000, requestsPerSecond: 3.5 });
    expect(last?.failuresPerSecond).toBeCloseTo(1 / 6, 3);
    expect(last?.cacheHitRate).toBeCloseTo(1 / 21);
  });

  it('tells no rate of a moment: the begun interval is joined to the one before', () => {
    fixture = new Fixture();
    fixture.predict('a', 100);
    fixture.step();
    fixture.predict('a', 1);
    fixture.now += 5;
    expect(fixture.history.points('a').map((point) => point.requestsPerSecond)).toEqual([10.095]);
  });

  it('forgets what is older than an hour', () => {
    fixture = new Fixture();
    fixture.predict('a', 100);
    fixture.step();
    for (let n = 0; n < 400; n++) fixture.step();
    const points = fixture.history.points();
    expect(points.length).toBeLessThanOrEqual(360);
    expect(points[0]?.timestamp).toBeGreaterThanOrEqual(fixture.now - 3_600_000);
    expect(points.every((point) => point.requestsPerSecond === 0)).toBe(true);
  });

  it('begins with zeros for a model that was asked for late', () => {
    fixture = new Fixture();
    fixture.step();
    fixture.predict('late', 30);
    fixture.step();
    fixture.now += 5_000;
    const rates = fixture.history.points('late').map((point) => point.requestsPerSecond);
    expect(rates).toEqual([0, 3, 0]);
  });

  it('adds up the rates of the models that count, and tells no percentile of their sum', () => {
    fixture = new Fixture();
    fixture.predict('a', 10);
    fixture.predict('b', 20);
    fixture.predict('hidden', 1_000);
    fixture.step();
    fixture.now += 5_000;
    const [point] = fixture.history.points(undefined, (model) => model !== 'hidden');
    expect(point).toMatchObject({ requestsPerSecond: 3, p95Ms: null });
    const [alone] = fixture.history.points(undefined, (model) => model === 'a');
    expect(alone).toMatchObject({ requestsPerSecond: 1 });
    expect(alone?.p95Ms).toBeCloseTo(10, 0);
    const [all] = fixture.history.points();
    expect(all?.requestsPerSecond).toBe(103);
  });
});
