import type { JSX } from 'preact';
import type { Prediction } from '../api/types.ts';
import { formatMs } from '../format.ts';

interface Stage {
  readonly name: string;
  readonly kind: string;
  readonly ms: number;
}

/** Where the time of a prediction went: stages in the server, and the way there and back. */
export function TimeBar({
  prediction,
  totalMs,
}: {
  prediction: Prediction;
  totalMs: number;
}): JSX.Element {
  const stages = stagesOf(prediction, totalMs);
  const sum = stages.reduce((total, { ms }) => total + ms, 0);
  return (
    <div class="times">
      <p class="times-title">
        <span>Where the time went</span>
        <span>{formatMs(totalMs)}</span>
      </p>
      <div class="times-bar" aria-hidden="true">
        {stages.map(({ name, kind, ms }) => (
          <span
            key={name}
            class={`stage stage-${kind}`}
            style={{ flexGrow: sum > 0 ? ms / sum : 1 }}
            title={`${name}: ${formatMs(ms)}`}
          />
        ))}
      </div>
      <dl class="times-legend">
        {stages.map(({ name, kind, ms }) => (
          <div key={name}>
            <dt>
              <span class={`swatch stage-${kind}`} />
              {name}
            </dt>
            <dd>{formatMs(ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function stagesOf({ timings, latencyMs, cached }: Prediction, totalMs: number): Stage[] {
  const { encodeMs, cacheMs, queueMs, inferenceMs } = timings;
  const otherMs = latencyMs - encodeMs - cacheMs - queueMs - inferenceMs;
  const work = cached
    ? [{ name: 'Cache', kind: 'cache', ms: cacheMs }]
    : [
        { name: 'Queue', kind: 'queue', ms: queueMs },
        { name: 'Inference', kind: 'inference', ms: inferenceMs },
      ];
  return [
    { name: 'Encode', kind: 'encode', ms: encodeMs },
    ...work,
    // The way to the worker and back, and what a missed look in the cache cost.
    { name: 'Other', kind: 'other', ms: Math.max(0, otherMs + (cached ? 0 : cacheMs)) },
    { name: 'Network', kind: 'network', ms: Math.max(0, totalMs - latencyMs) },
  ];
}
