import { useEffect, useState } from 'preact/hooks';

/** Views of the server as a whole. */
export const SERVER_VIEWS = ['fleet', 'requests', 'events'] as const;

/** Name of a view of the server as a whole. */
export type ServerView = (typeof SERVER_VIEWS)[number];

/** What the page shows: a model (`''` is the default one), or the server. */
export type Route =
  | { readonly view: 'model'; readonly model: string }
  | { readonly view: ServerView; readonly model?: undefined };

/**
 * Address of a route. It stands behind the `#`, so that it survives a reload below whatever prefix
 * the page is served at.
 */
export function hrefOf(route: Route): string {
  return route.view === 'model' ? `#/models/${encodeURIComponent(route.model)}` : `#/${route.view}`;
}

/** Reads {@link hrefOf}; also `#banking77`, as addresses of models were before. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#/, '');
  const view = SERVER_VIEWS.find((each) => text === `/${each}`);
  if (view) return { view };
  const name = text.startsWith('/models/') ? text.slice('/models/'.length) : text;
  return { view: 'model', model: name.startsWith('/') ? '' : decode(name) };
}

/** The route of the address, as it changes; the page begins at its top with each. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const update = (): void => {
      setHash(location.hash);
      window.scrollTo(0, 0);
    };
    window.addEventListener('hashchange', update);
    return () => window.removeEventListener('hashchange', update);
  }, []);
  return parseRoute(hash);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
