import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { createSampler } from '../../../src/telemetry/tracing/sampler.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = (sampled: boolean, traceId = TRACE) => ({
  traceId,
  spanId: '00f067aa0ba902b7',
  sampled,
});

describe('sampler', () => {
  it('follows the parent, where it is based on it', () => {
    const sampler = createSampler('parentbased_always_off', 1);
    expect(sampler(undefined)).toBeUndefined();
    expect(sampler(parent(true))).toBe(TRACE);
    expect(createSampler('parentbased_always_on', 1)(parent(false))).toBeUndefined();
  });

  it('does not ask the parent, where it is not based on it', () => {
    expect(createSampler('always_on', 1)(parent(false))).toBe(TRACE);
    expect(createSampler('always_off', 1)(parent(true))).toBeUndefined();
  });

  it('makes a valid id for a new trace', () => {
    const ids = Array.from({ length: 100 }, () => createSampler('always_on', 1)(undefined) ?? '');
    for (const id of ids) expect(id).toMatch(/^(?!0{32})[\da-f]{32}$/);
    expect(new Set(ids).size).toBe(100);
  });

  it('takes the share that it is told', () => {
    const sampler = createSampler('parentbased_traceidratio', 0.25);
    let taken = 0;
    for (let i = 0; i < 20_000; i++) if (sampler(undefined) !== undefined) taken++;
    // Over six standard deviations off: it never fails by chance.
    expect(taken).toBeGreaterThan(4_600);
    expect(taken).toBeLessThan(5_400);
  });

  it('takes the same traces as the SDK of OpenTelemetry', () => {
    const ours = createSampler('traceidratio', 0.1);
    const theirs = new TraceIdRatioBasedSampler(0.1);
    const always = createSampler('always_on', 1);
    for (let i = 0; i < 2_000; i++) {
      const traceId = always(undefined) ?? '';
      const { decision } = theirs.shouldSample(ROOT_CONTEXT, traceId);
      expect(ours(parent(false, traceId)) !== undefined).toBe(
        decision === SamplingDecision.RECORD_AND_SAMPLED,
      );
    }
  });

  it('takes all at 1 and none at 0', () => {
    expect(createSampler('traceidratio', 1)(undefined)).toBeDefined();
    expect(createSampler('traceidratio', 0)(undefined)).toBeUndefined();
  });
});
