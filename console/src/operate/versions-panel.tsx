import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { May } from '../access/use-viewer.ts';
import { COMPARISON } from '../api/operate.ts';
import { useQuery } from '../api/use-query.ts';
import type { Model } from '../api/types.ts';
import type { Action } from './action.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { describeTraffic, followManifest, loadModel, rollBack, unloadModel } from './traffic.ts';
import { TrafficDialog } from './traffic-dialog.tsx';
import { VersionCard } from './version-card.tsx';

/** Time between two looks, in milliseconds. */
const REFRESH_MS = 3_000;

/** The versions of a model beside each other, and what may be done with them. */
export function VersionsPanel({ model, may }: { model: Model; may: May }): JSX.Element {
  const { data, refresh } = useQuery(COMPARISON, { model: model.name }, REFRESH_MS);
  const [action, setAction] = useState<Action>();
  const [isSplitting, setSplitting] = useState(false);
  const mayAdmin = may('models:admin', model.name);
  const comparison = data?.modelComparison;
  // What is set over by hand and what model.yaml says look alike from here.
  const isSpread = model.traffic.length > 0 || model.shadow !== null;
  const ready = model.versions.filter(({ state }) => state === 'READY');
  const isUnloaded = model.versions.every(({ state }) => state === 'UNLOADED');
  return (
    <section class="versions" aria-labelledby="versions-title">
      <div class="section-head">
        <h2 id="versions-title" class="section-title">
          Versions
        </h2>
        {mayAdmin && (
          <div class="section-actions">
            {model.traffic.length > 0 && (
              <button
                type="button"
                class="button button-small"
                onClick={() => setAction(rollBack(model))}
              >
                Roll back
              </button>
            )}
            {ready.length > 1 && (
              <button type="button" class="button button-small" onClick={() => setSplitting(true)}>
                Set traffic
              </button>
            )}
            {ready.length > 1 && (
              <button
                type="button"
                class="button button-small"
                onClick={() => setAction(followManifest(model))}
              >
                Follow model.yaml
              </button>
            )}
            <button
              type="button"
              class="button button-small"
              onClick={() => setAction(isUnloaded ? loadModel(model) : unloadModel(model))}
            >
              {isUnloaded ? 'Load model' : 'Unload model'}
            </button>
          </div>
        )}
      </div>
      {(isSpread || ready.length > 1) && (
        <p class="versions-note">
          {describeTraffic(
            { split: model.traffic, shadow: model.shadow },
            model.servingVersion,
          ).join(' ')}
        </p>
      )}
      {model.versions.length === 0 && (
        <p class="versions-note">There is no version of it. {model.reason}</p>
      )}
      <div class="version-cards">
        {model.versions.map((version) => (
          <VersionCard
            key={version.version}
            model={model}
            version={version}
            compared={comparison?.versions.find((each) => each.version === version.version)}
            mayAdmin={mayAdmin}
            onAction={setAction}
          />
        ))}
      </div>
      {action && (
        <ConfirmDialog
          action={action}
          onClose={() => {
            setAction(undefined);
            refresh();
          }}
        />
      )}
      {isSplitting && (
        <TrafficDialog
          model={model}
          onClose={() => {
            setSplitting(false);
            refresh();
          }}
        />
      )}
    </section>
  );
}
