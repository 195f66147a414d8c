import type { JSX } from 'preact';
import type { Model } from '../api/types.ts';
import { hrefOf } from '../router.ts';
import { Icon, type IconName } from '../ui/icons.tsx';

const ICONS: Readonly<Record<string, IconName>> = {
  TEXT: 'text',
  IMAGE: 'image',
  FEATURES: 'table',
  TENSORS: 'tensor',
};

/** State of a model in the words of the page. */
export function stateText(state: Model['state']): string {
  return state.charAt(0) + state.slice(1).toLowerCase();
}

/** The list of models, of which one is being tried. */
export function ModelNav({
  models,
  selected,
}: {
  models: readonly Model[];
  selected: string | undefined;
}): JSX.Element {
  return (
    <nav class="model-nav" aria-label="Models">
      <h2 class="nav-title">Models</h2>
      <ul>
        {models.map((model) => (
          <li key={model.name}>
            <a
              class="nav-item"
              href={hrefOf({ view: 'model', model: model.name })}
              aria-current={model.name === selected ? 'page' : undefined}
            >
              <Icon name={ICONS[model.inputKind ?? ''] ?? 'alert'} />
              <span class="nav-name">{model.name}</span>
              <span class={`dot dot-${model.state.toLowerCase()}`} title={stateText(model.state)} />
              <span class="visually-hidden">, {stateText(model.state)}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
