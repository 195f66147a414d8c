import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatTraceparent,
  parseTraceparent,
} from '../../../src/telemetry/tracing/trace-parent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it('is read and written', () => {
    const header = `00-${TRACE}-${SPAN}-01`;
    const parent = parseTraceparent(header);
    expect(parent).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(parent && formatTraceparent(parent)).toBe(header);
  });

  it('tells from the lowest bit of the flags whether the caller records', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)?.sampled).toBe(false);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.sampled).toBe(false);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-ff`)?.sampled).toBe(true);
  });

  it('is read in later versions, whatever they append', () => {
    expect(parseTraceparent(`01-${TRACE}-${SPAN}-01-what-comes-then`)?.traceId).toBe(TRACE);
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01`)?.traceId).toBe(TRACE);
  });

  it.each([
    ['nothing', ''],
    ['words', 'not a traceparent'],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
    ['text glued to the flags of a later version', `01-${TRACE}-${SPAN}-01more`],
    ['ids that are too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['ten of them', Array.from({ length: 10 }, () => `00-${TRACE}-${SPAN}-01`).join(', ')],
    ['a megabyte', `01-${TRACE}-${SPAN}-01-${'x'.repeat(1_000_000)}`],
    ['a number', 17],
    ['a list', [`00-${TRACE}-${SPAN}-01`]],
    ['null', null],
  ])('is ignored where it is %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('never throws, and what it reads it can write', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (header) => {
        const parent = parseTraceparent(header);
        if (parent) expect(parseTraceparent(formatTraceparent(parent))).toEqual(parent);
      }),
    );
  });
});
