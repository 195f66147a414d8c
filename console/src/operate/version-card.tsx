import type { ComponentChildren, JSX } from 'preact';
import type { ComparedVersion } from '../api/operate-types.ts';
import type { Model, ModelVersion } from '../api/types.ts';
import { formatCount, formatMs, formatNumber, formatPercent } from '../format.ts';
import { engineText } from '../models/model-header.tsx';
import { stateText } from '../models/model-nav.tsx';
import type { Action } from './action.ts';
import { loadVersion, promote, shadow, unloadVersion } from './traffic.ts';

/** One version: what it is, how it does, and what may be done with it. */
export function VersionCard({
  model,
  version,
  compared,
  mayAdmin,
  onAction,
}: {
  model: Model;
  version: ModelVersion;
  /** `undefined` while it is not in memory, or may not be seen. */
  compared: ComparedVersion | undefined;
  mayAdmin: boolean;
  onAction: (action: Action) => void;
}): JSX.Element {
  const name = version.version;
  const isServing = model.servingVersion === name;
  const labels = Object.entries(model.versionLabels)
    .filter(([, labelled]) => labelled === name)
    .map(([label]) => label);
  return (
    <article class="card version-card" aria-label={`Version ${name}`} data-version={name}>
      <header class="version-head">
        <h3>Version {name}</h3>
        <span class="state">
          <span class={`dot dot-${version.state.toLowerCase()}`} />
          {stateText(version.state)}
        </span>
        <span class="version-tags">
          {isServing && <span class="tag tag-ok">serving</span>}
          {model.shadow?.version === name && (
            <span class="tag">shadow {model.shadow.percent} %</span>
          )}
          {labels.map((label) => (
            <span class="tag" key={label}>
              {label}
            </span>
          ))}
        </span>
      </header>
      {version.reason && <p class="reason">{version.reason}</p>}
      <dl class="version-facts">
        {compared && <Figures compared={compared} />}
        <Fact name="Batching">{batchingText(version)}</Fact>
        <Fact name="Warmed">{warmedText(version.warmed)}</Fact>
        <Fact name="Engine">
          {version.engine ? engineText(version) : '–'}
          {version.loadMs !== null && `, loaded in ${formatMs(version.loadMs)}`}
        </Fact>
      </dl>
      {mayAdmin && (
        <div class="version-actions">
          {actionsOf(model, version, compared).map((action) => (
            <button
              key={action.title}
              type="button"
              class="button button-small"
              aria-label={action.title}
              onClick={() => onAction(action)}
            >
              {action.verb}
            </button>
          ))}
        </div>
      )}
    </article>
  );
}

function actionsOf(
  model: Model,
  version: ModelVersion,
  compared: ComparedVersion | undefined,
): Action[] {
  const { version: name, state } = version;
  if (state === 'UNLOADED' || state === 'FAILED') return [loadVersion(model, name)];
  if (state !== 'READY') return [];
  const isServing = model.servingVersion === name;
  const hasAll = model.traffic.some((share) => share.version === name && share.percent === 100);
  return [
    ...(isServing || hasAll ? [] : [promote(model, name)]),
    ...(isServing ? [] : [shadow(model, name)]),
    unloadVersion(model, name, compared?.metrics.inFlight ?? 0),
  ];
}

function Figures({ compared }: { compared: ComparedVersion }): JSX.Element {
  const { metrics, trafficPercent } = compared;
  const { totalRequests, failedRequests } = metrics;
  return (
    <>
      <Fact name="Traffic">
        <span class="traffic">
          <span class="traffic-track" aria-hidden="true">
            <svg viewBox="0 0 100 1" preserveAspectRatio="none">
              <rect width={trafficPercent} height="1" />
            </svg>
          </span>
          {Number(trafficPercent.toFixed(2))} %
        </span>
      </Fact>
      <Fact name="Rate">{formatNumber(metrics.throughput)} per second</Fact>
      <Fact name="Latency">
        {metrics.p50LatencyMs === null
          ? '– in the last minute'
          : `p50 ${formatMs(metrics.p50LatencyMs)}, p95 ${msText(metrics.p95LatencyMs)}, p99 ${msText(metrics.p99LatencyMs)}`}
      </Fact>
      <Fact name="Errors">
        {failedRequests === 0
          ? `none of ${formatCount(totalRequests)}`
          : `${formatCount(failedRequests)} of ${formatCount(totalRequests)} (${formatPercent(failedRequests / Math.max(1, totalRequests))})`}
      </Fact>
      <Fact name="Agreement">{agreementText(compared)}</Fact>
      <Fact name="Verdict">
        <Verdict compared={compared} />
      </Fact>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Verdict({ compared }: { compared: ComparedVersion }): JSX.Element {
  const { comparedToServing: verdict, outcomes, serving } = compared;
  if (!verdict) {
    if (!serving) return <>–</>;
    const accuracy = outcomes.rate === null ? '' : `, right in ${formatPercent(outcomes.rate)}`;
    return <>the others are compared with it{accuracy}</>;
  }
  const { low, high, moreOutcomesNeeded } = verdict;
  const range =
    low === null || high === null ? '' : ` (${pointsText(low)} to ${pointsText(high)} points)`;
  if (verdict.verdict === 'BETTER') return <span class="tag tag-ok">better{range}</span>;
  if (verdict.verdict === 'WORSE') return <span class="tag tag-bad">worse{range}</span>;
  const more =
    moreOutcomesNeeded === null ? '' : `; about ${formatCount(moreOutcomesNeeded)} outcomes more`;
  return (
    <>
      not yet known{range}
      {more}
    </>
  );
}

function agreementText({ agreement: { rate, count }, shadowDropped }: ComparedVersion): string {
  if (rate === null) return '–';
  const dropped = shadowDropped > 0 ? `, ${formatCount(shadowDropped)} left out` : '';
  return `${formatPercent(rate)} of ${formatCount(count)}${dropped}`;
}

function batchingText({ batching }: ModelVersion): string {
  if (!batching) return '–';
  const verified = batching.verified ? ', verified' : '';
  return `${batching.enabled ? 'on' : 'off'}${verified}: ${batching.reason}`;
}

function warmedText(warmed: boolean | null): string {
  if (warmed === null) return '–';
  return warmed ? 'yes' : 'no';
}

const msText = (ms: number | null): string => (ms === null ? '–' : formatMs(ms));
const pointsText = (share: number): string =>
  `${share > 0 ? '+' : ''}${(share * 100).toFixed(1).replace('-', '−')}`;
