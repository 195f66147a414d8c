import type { JSX } from 'preact';
import type { Model } from '../api/types.ts';
import { formatMs } from '../format.ts';
import { hrefOf } from '../router.ts';
import { engineText, kindText, servingVersion } from './model-header.tsx';
import { stateText } from './model-nav.tsx';

/** How each model is, failed ones with their reason. */
export function ModelTable({ models }: { models: readonly Model[] }): JSX.Element {
  return (
    <div class="table-wrap">
      <table class="model-table">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">State</th>
            <th scope="col">Version</th>
            <th scope="col">Engine</th>
            <th scope="col">Input → output</th>
            <th scope="col" class="number">
              Load time
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow key={model.name} model={model} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ModelRow({ model }: { model: Model }): JSX.Element {
  const version = servingVersion(model);
  const loadMs = version?.loadMs ?? null;
  const others = model.versions.filter(
    ({ reason, version: name }) => reason && name !== version?.version,
  );
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ view: 'model', model: model.name })}>{model.name}</a>
      </th>
      <td>
        <span class="state">
          <span class={`dot dot-${model.state.toLowerCase()}`} />
          {stateText(model.state)}
        </span>
        {model.reason && <p class="reason">{model.reason}</p>}
        {others.map(({ version: name, reason }) => (
          <p class="reason" key={name}>
            Version {name}: {reason}
          </p>
        ))}
      </td>
      <td data-label="Version">{version?.version ?? '–'}</td>
      <td data-label="Engine">{version?.engine ? engineText(version) : '–'}</td>
      <td data-label="Input → output">
        {model.inputKind && model.outputKind
          ? `${model.inputKind.toLowerCase()} → ${kindText(model.outputKind)}`
          : '–'}
      </td>
      <td data-label="Load time" class="number">
        {loadMs === null ? '–' : formatMs(loadMs)}
      </td>
    </tr>
  );
}
