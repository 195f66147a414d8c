import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { LivePanel } from './charts/live-panel.tsx';
import { DriftPanel } from './drift/drift-panel.tsx';
import { ModelHeader } from './models/model-header.tsx';
import { ModelNav } from './models/model-nav.tsx';
import { ModelTable } from './models/model-table.tsx';
import { KeyForm } from './access/key-form.tsx';
import { useCredential } from './access/use-credential.ts';
import { setCredential } from './api/credential.ts';
import { useOverview } from './models/use-overview.ts';
import { TryPanel } from './try/try-panel.tsx';
import { Icon, Logo } from './ui/icons.tsx';
import { StatusPill } from './ui/status-pill.tsx';
import { ThemeToggle } from './ui/theme.tsx';

/** The page: models at the side; the tried one, live figures and health in the middle. */
export function App(): JSX.Element {
  const key = useCredential();
  const health = useOverview();
  const [wanted, select] = useSelectedModel();
  const models = key.isWanted ? [] : (health?.models ?? []);
  const model =
    models.find(({ name }) => name === wanted) ??
    models.find(({ isDefault, state }) => isDefault && state !== 'FAILED') ??
    models.find(({ state }) => state === 'READY') ??
    models[0];
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the model
      </a>
      <div class="layout">
        <aside class="sidebar" aria-label="Server">
          <div class="brand">
            <Logo />
            <span class="brand-name">ML Inference API</span>
            <ThemeToggle />
          </div>
          <StatusPill />
          {models.length > 0 && (
            <ModelNav models={models} selected={model?.name} onSelect={select} />
          )}
          {key.value !== undefined && !key.isWanted && (
            <button
              type="button"
              class="button button-small"
              onClick={() => setCredential(undefined)}
            >
              Forget the key
            </button>
          )}
          <Links version={health?.serverVersion} />
        </aside>
        <main id="main" tabIndex={-1}>
          {key.isWanted ? (
            <KeyForm refused={key.value !== undefined} />
          ) : model ? (
            <>
              <ModelHeader model={model} />
              <TryPanel key={model.name} model={model} />
              <LivePanel model={model.name} />
              <DriftPanel model={model.name} />
              <section aria-labelledby="models-title">
                <h2 id="models-title" class="section-title">
                  Health
                </h2>
                <ModelTable models={models} />
              </section>
            </>
          ) : (
            <Nothing reasons={health?.reasons} />
          )}
        </main>
      </div>
    </>
  );
}

function Links({ version }: { version: string | undefined }): JSX.Element {
  const hasDocs = document.documentElement.dataset.docs === 'on';
  return (
    <div class="links">
      {hasDocs && (
        <nav aria-label="Documentation">
          <ul>
            <ExternalLink href="graphql" text="GraphiQL" />
            <ExternalLink href="docs" text="REST docs" />
            <ExternalLink href="redoc" text="API reference" />
          </ul>
        </nav>
      )}
      <p class="server-version">{version ? `Server ${version}` : '\u00a0'}</p>
    </div>
  );
}

function ExternalLink({ href, text }: { href: string; text: string }): JSX.Element {
  return (
    <li>
      <a href={href}>
        {text}
        <Icon name="external" size={14} />
      </a>
    </li>
  );
}

/** What stands in place of a model. @param reasons `undefined` until the server has answered */
function Nothing({ reasons }: { reasons: readonly string[] | undefined }): JSX.Element {
  if (!reasons) return <p class="nothing">Asking the server what it serves …</p>;
  // A server that has read its folder and found nothing says so.
  if (reasons.length === 0) return <p class="nothing">The server is loading its models …</p>;
  return (
    <div class="nothing">
      <h1>No model is served</h1>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}

/** The model that the address names (`#banking77`), so that links and reloads keep it. */
function useSelectedModel(): [string, (name: string) => void] {
  const [name, setName] = useState(readHash);
  useEffect(() => {
    const update = (): void => {
      // The skip link points into the page and names no model.
      if (location.hash !== '#main') setName(readHash());
    };
    window.addEventListener('hashchange', update);
    return () => window.removeEventListener('hashchange', update);
  }, []);
  return [
    name,
    (next) => {
      setName(next);
      history.replaceState(null, '', `#${encodeURIComponent(next)}`);
    },
  ];
}

function readHash(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}
