import type { TRACE_SAMPLERS } from '../../config.ts';
import type { TraceParent } from './trace-parent.ts';

/** Name of a sampler. */
export type SamplerName = (typeof TRACE_SAMPLERS)[number];

/** Decides before anything of a trace exists: the trace id to record under, or `undefined`. */
export type Sampler = (parent: TraceParent | undefined) => string | undefined;

/**
 * Makes a sampler.
 *
 * @param ratio share of the traces that `traceidratio` takes, 0 to 1
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#built-in-samplers
 */
export function createSampler(name: SamplerName, ratio: number): Sampler {
  const base = name.replace('parentbased_', '');
  const decide =
    base === 'always_on' || (base === 'traceidratio' && ratio >= 1)
      ? always
      : base === 'traceidratio' && ratio > 0
        ? takeShare(ratio)
        : never;
  if (base === name) return decide;
  return (parent) => {
    if (!parent) return decide(undefined);
    return parent.sampled ? parent.traceId : undefined;
  };
}

const always: Sampler = (parent) => parent?.traceId ?? traceIdOf(word(), word(), word(), word());

const never: Sampler = () => undefined;

/**
 * Takes the traces whose id, folded to 32 bits, lies below a bound: the same ones as every other
 * OpenTelemetry SDK for JavaScript takes.
 */
function takeShare(ratio: number): Sampler {
  const bound = Math.floor(ratio * 0xffffffff);
  return (parent) => {
    if (parent) return fold(parent.traceId) < bound ? parent.traceId : undefined;
    // No text is made for the many that are not taken.
    const [a, b, c, d] = [word(), word(), word(), word()];
    return (a ^ b ^ c ^ d) >>> 0 < bound ? traceIdOf(a, b, c, d) : undefined;
  };
}

function fold(traceId: string): number {
  let folded = 0;
  for (let at = 0; at < 32; at += 8) folded ^= Number.parseInt(traceId.slice(at, at + 8), 16);
  return folded >>> 0;
}

/** 32 random bits. */
function word(): number {
  return Math.floor(Math.random() * 0x1_0000_0000);
}

function hex(bits: number): string {
  return bits.toString(16).padStart(8, '0');
}

function traceIdOf(a: number, b: number, c: number, d: number): string {
  // All zeros is the one id that is not valid.
  return a + b + c + d === 0
    ? traceIdOf(word(), word(), word(), word())
    : hex(a) + hex(b) + hex(c) + hex(d);
}
