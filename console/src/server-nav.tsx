import type { JSX } from 'preact';
import type { May } from './access/use-viewer.ts';
import { hrefOf, type Route, type ServerView } from './router.ts';
import { Icon, type IconName } from './ui/icons.tsx';

/** Views of the server, each with the scope that it takes. */
const VIEWS: readonly {
  readonly view: ServerView;
  readonly text: string;
  readonly icon: IconName;
  readonly scope: string;
}[] = [
  { view: 'fleet', text: 'Fleet', icon: 'fleet', scope: 'metrics:read' },
  { view: 'requests', text: 'Requests', icon: 'requests', scope: 'metrics:read' },
  { view: 'events', text: 'Events', icon: 'events', scope: 'models:read' },
];

/** The views of the server that the one who looks may see. */
export function ServerNav({ route, may }: { route: Route; may: May }): JSX.Element | null {
  const views = VIEWS.filter(({ scope }) => may(scope));
  if (views.length === 0) return null;
  return (
    <nav class="model-nav" aria-label="Server">
      <h2 class="nav-title">Server</h2>
      <ul>
        {views.map(({ view, text, icon }) => (
          <li key={view}>
            <a
              class="nav-item"
              href={hrefOf({ view })}
              aria-current={route.view === view ? 'page' : undefined}
            >
              <Icon name={icon} />
              <span class="nav-name">{text}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
