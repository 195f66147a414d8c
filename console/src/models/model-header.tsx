import type { JSX } from 'preact';
import type { Model } from '../api/types.ts';
import { formatMs } from '../format.ts';

/** What one should know of the model that is being tried. */
export function ModelHeader({ model }: { model: Model }): JSX.Element {
  return (
    <header class="model-header">
      <h1>
        {model.name}
        {model.isDefault && <span class="tag">default</span>}
      </h1>
      {model.description && <p class="model-description">{model.description}</p>}
      <ul class="facts" aria-label="About this model">
        {factsOf(model).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </header>
  );
}

function factsOf(model: Model): string[] {
  const version = servingVersion(model);
  const loaded = model.state !== 'FAILED';
  const loadMs = version?.loadMs ?? null;
  return [
    loaded && model.inputKind && model.outputKind
      ? `${model.inputKind.toLowerCase()} → ${kindText(model.outputKind)}`
      : '',
    model.labels ? `${model.labels.length} labels` : '',
    version ? `version ${version.version}` : '',
    version ? engineText(version) : '',
    loaded && loadMs !== null ? `loaded in ${formatMs(loadMs)}` : '',
  ].filter((fact) => fact !== '');
}

/** Kind of output in the words of the page. */
export function kindText(kind: string): string {
  return kind.toLowerCase().replace('_', '-');
}

/** The version that answers, else the newest. */
export function servingVersion(model: Model): Model['versions'][number] | undefined {
  return (
    model.versions.find(({ version }) => version === model.servingVersion) ?? model.versions.at(-1)
  );
}

/** What runs a version: `tfjs · wasm`. */
export function engineText({ engine, backend }: Model['versions'][number]): string {
  return [engine, backend].filter((part) => part !== null).join(' · ');
}
