import path from 'node:path';
import type { Config } from '../../config.ts';
import type { Services } from '../../services/services.ts';
import { PACKAGE_ROOT } from '../../package-root.ts';
import { consolePages } from './console-pages.ts';
import { GRAPHQL_PATH } from '../graphql/graphql-http.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Call } from '../../services/call.ts';
import type { PageSource } from './page.ts';
import { buildOpenApi } from '../openapi/openapi.ts';
import { docsPages } from './docs.ts';
import { graphiqlFiles, graphiqlPage, isBrowserVisit } from './graphiql.ts';
import { GUIDE_PATH, guidePages } from './guide-pages.ts';
import { landingPage, type LandingLink } from './landing.ts';
import type { RestRoute } from '../rest/route.ts';

/** What the pages are made of. */
export interface PageSources {
  readonly config: Pick<Config, 'graphiql'>;
  readonly services: Services;
  readonly routes: readonly RestRoute[];
  /** Version of the server. */
  readonly serverVersion: string;
  /** Whether requests want a credential now. */
  readonly isClosed: () => boolean;
}

/** Everything that people look at in a browser. */
export interface Pages {
  /** Paths that people may want to know. */
  readonly paths: readonly string[];
  /** The page that a request asks for, by its exact path; `undefined` for what is no page. */
  find(exchange: Exchange): PageSource | undefined;
}

const BROWSER_LINKS: readonly LandingLink[] = [
  { path: '/graphql', about: 'GraphQL, with GraphiQL in the browser' },
  { path: '/docs', about: 'REST, with Swagger UI' },
  { path: '/redoc', about: 'REST, as a reference to read' },
];

const GUIDE_LINK: LandingLink = { path: GUIDE_PATH, about: 'the documentation' };

const LINKS: readonly LandingLink[] = [
  { path: '/openapi.json', about: 'REST, as an OpenAPI document' },
  { path: '/models', about: 'the models' },
  { path: '/health', about: 'health of the server and its models' },
  { path: '/metrics', about: 'metrics' },
];

/** Where the build writes the web console. */
const CONSOLE_DIRECTORY = path.join(PACKAGE_ROOT, 'dist', 'console');

/** Where `npm run guide` writes the documentation. */
const GUIDE_DIRECTORY = path.join(PACKAGE_ROOT, 'dist', 'guide');

/** Makes the pages; GraphiQL and the documentation only where the configuration wants them. */
export function createPages({
  config,
  services,
  routes,
  serverVersion,
  isClosed,
}: PageSources): Pages {
  const listModels = (call: Call) =>
    call.principal.allows('models:read') ? services.models.list(call) : [];
  const docs = docsPages(
    (call) =>
      buildOpenApi({ routes, models: listModels(call), serverVersion, isClosed: isClosed() }),
    config.graphiql,
  );
  const guide = config.graphiql ? guidePages(GUIDE_DIRECTORY) : new Map<string, PageSource>();
  const links = [
    ...(config.graphiql ? BROWSER_LINKS : []),
    ...(guide.size > 0 ? [GUIDE_LINK] : []),
    ...LINKS,
  ];
  const landing = landingPage(links);
  // A server that runs without a build of the console still says where to go.
  const consoleFiles =
    consolePages(CONSOLE_DIRECTORY, config.graphiql) ?? new Map([['/', landing]]);
  const files = new Map([
    ...[...consoleFiles, ...docs, ...guide],
    ...(config.graphiql ? graphiqlFiles() : []),
  ]);
  const graphiql = config.graphiql ? graphiqlPage(listModels) : undefined;
  return {
    paths: [
      '/',
      ...(config.graphiql ? ['/docs', '/redoc'] : []),
      ...(guide.size > 0 ? [GUIDE_PATH] : []),
      '/openapi.json',
    ],
    find(exchange) {
      if (exchange.path !== GRAPHQL_PATH) return files.get(exchange.path);
      return graphiql && isBrowserVisit(exchange) ? graphiql : undefined;
    },
  };
}
