import { useEffect } from 'preact/hooks';
import type { JSX } from 'preact';
import { KeyForm } from './access/key-form.tsx';
import { useCredential } from './access/use-credential.ts';
import { type May, useViewer } from './access/use-viewer.ts';
import { setCredential } from './api/credential.ts';
import type { Model, Overview } from './api/types.ts';
import { LivePanel } from './charts/live-panel.tsx';
import { DriftPanel } from './drift/drift-panel.tsx';
import { EventsPanel } from './events/events-panel.tsx';
import { EventsView } from './events/events-view.tsx';
import { FleetView } from './fleet/fleet-view.tsx';
import { ModelHeader } from './models/model-header.tsx';
import { ModelNav } from './models/model-nav.tsx';
import { useOverview } from './models/use-overview.ts';
import { VersionsPanel } from './operate/versions-panel.tsx';
import { RecentPanel } from './requests/recent-panel.tsx';
import { RequestsView } from './requests/requests-view.tsx';
import { type Route, useRoute } from './router.ts';
import { ServerNav } from './server-nav.tsx';
import { TryPanel } from './try/try-panel.tsx';
import { Icon, Logo } from './ui/icons.tsx';
import { StatusPill } from './ui/status-pill.tsx';
import { ThemeToggle } from './ui/theme.tsx';

/** The page: models and views of the server at the side, the chosen one in the middle. */
export function App(): JSX.Element {
  const key = useCredential();
  const health = useOverview();
  const may = useViewer();
  const route = useRoute();
  const models = key.isWanted ? [] : (health?.models ?? []);
  const model = route.view === 'model' ? chosenModel(models, route.model) : undefined;
  useEffect(() => {
    const name = route.view === 'model' ? model?.name : TITLES[route.view];
    document.title = name === undefined ? PRODUCT : `${name} · ${PRODUCT}`;
  }, [route.view, model?.name]);
  return (
    <>
      <a
        class="skip-link"
        href="#main"
        onClick={(event) => {
          // The address names what the page shows, and nothing within it.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <div class="layout">
        <aside class="sidebar" aria-label="Server">
          <div class="brand">
            <Logo />
            <span class="brand-name">{PRODUCT}</span>
            <ThemeToggle />
          </div>
          <StatusPill />
          {!key.isWanted && <ServerNav route={route} may={may} />}
          {models.length > 0 && <ModelNav models={models} selected={model?.name} />}
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
          ) : (
            <View route={route} health={health} model={model} may={may} />
          )}
        </main>
      </div>
    </>
  );
}

const PRODUCT = 'ML Inference API';

const TITLES = { fleet: 'Fleet', requests: 'Requests', events: 'Events' } as const;

/** The model of an address; without a name the default one, else one that is ready. */
function chosenModel(models: readonly Model[], name: string): Model | undefined {
  if (name !== '') return models.find((each) => each.name === name);
  return (
    models.find(({ isDefault, state }) => isDefault && state !== 'FAILED') ??
    models.find(({ state }) => state === 'READY') ??
    models[0]
  );
}

function View({
  route,
  health,
  model,
  may,
}: {
  route: Route;
  health: Overview['health'] | undefined;
  model: Model | undefined;
  may: May;
}): JSX.Element {
  if (!health) return <Nothing reasons={undefined} />;
  if (route.view === 'fleet') return <FleetView health={health} />;
  if (route.view === 'events') return <EventsView />;
  if (route.view === 'requests') {
    return <RequestsView models={health.models.map(({ name }) => name)} />;
  }
  if (model) return <ModelView key={model.name} model={model} may={may} />;
  if (health.models.length === 0) return <Nothing reasons={health.reasons} />;
  return (
    <div class="nothing">
      <h1>There is no model {route.model}</h1>
      <p>It may have been removed, or the key that you use may not see it.</p>
    </div>
  );
}

/** All of one model: to try it, what it does, its versions, drift, and what went wrong. */
function ModelView({ model, may }: { model: Model; may: May }): JSX.Element {
  return (
    <>
      <ModelHeader model={model} />
      <TryPanel model={model} />
      <LivePanel model={model.name} />
      <VersionsPanel model={model} may={may} />
      <RecentPanel model={model.name} />
      <DriftPanel model={model.name} />
      <EventsPanel model={model.name} />
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
