import type { RestRoute } from './route.ts';

/** What a path leads to: a route, or the methods that it does answer. */
export type Match =
  | { readonly route: RestRoute; readonly params: Readonly<Record<string, string>> }
  | { readonly allow: readonly string[] };

interface Pattern {
  readonly regex: RegExp;
  readonly names: readonly string[];
  readonly methods: ReadonlyMap<string, RestRoute>;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

/** Finds routes by their exact path; those without `{names}` by one look-up. */
export class Router {
  readonly #exact = new Map<string, Map<string, RestRoute>>();
  readonly #patterns: Pattern[] = [];
  /** All paths, in the order of the routes. */
  readonly paths: readonly string[];

  constructor(routes: readonly RestRoute[]) {
    const byPath = new Map<string, Map<string, RestRoute>>();
    for (const route of routes) {
      const methods = byPath.get(route.path) ?? new Map<string, RestRoute>();
      byPath.set(route.path, methods.set(route.method, route));
      if (route.method === 'GET') methods.set('HEAD', route);
    }
    for (const [path, methods] of byPath) {
      if (path.includes('{')) this.#patterns.push(toPattern(path, methods));
      else this.#exact.set(path, methods);
    }
    this.paths = [...byPath.keys()];
  }

  /** @returns `undefined` where no route has that path */
  match(method: string, path: string): Match | undefined {
    const exact = this.#exact.get(path);
    if (exact?.has(method)) return toMatch(exact, method, NO_PARAMS);
    for (const { regex, names, methods } of this.#patterns) {
      const found = regex.exec(path);
      if (!found) continue;
      const params: Record<string, string> = {};
      for (const [i, name] of names.entries()) params[name] = decode(found[i + 1] ?? '');
      // A path that is also exact (`/models/reload`) answers to the methods of both.
      return toMatch(exact ? new Map([...exact, ...methods]) : methods, method, params);
    }
    return exact && toMatch(exact, method, NO_PARAMS);
  }
}

function toPattern(path: string, methods: ReadonlyMap<string, RestRoute>): Pattern {
  const names: string[] = [];
  const source = path
    .split('/')
    .map((segment) => {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (name === undefined) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(name);
      return '([^/]+)';
    })
    .join('/');
  return { regex: new RegExp(`^${source}$`), names, methods };
}

function toMatch(
  methods: ReadonlyMap<string, RestRoute>,
  method: string,
  params: Readonly<Record<string, string>>,
): Match {
  const route = methods.get(method);
  return route ? { route, params } : { allow: [...methods.keys()] };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not valid percent-encoding: no such name can exist, and the raw text says so best.
    return segment;
  }
}
