import type { Call } from '../../services/call.ts';
import type { ModelStatus } from '../../services/model-status.ts';
import { graphiqlTabs } from './graphiql-tabs.ts';
import { HTML_HEADERS, keepPage, type PageSource } from './page.ts';
import { packageFile, scriptPage } from './package-files.ts';
import { GRAPHQL_PATH } from '../graphql/graphql-http.ts';
import type { Exchange } from '../http/exchange.ts';

const HEADERS = {
  ...HTML_HEADERS,
  'Content-Security-Policy': [
    "default-src 'self'",
    // The editor compiles its grammars.
    "script-src 'self' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss: data: blob:",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
  ].join('; '),
};

/** Workers of the editor, by the label that it asks for. */
const WORKERS = ['editorWorkerService', 'json', 'graphql'] as const;

/** Finds the workers and the options of the page, and draws GraphiQL into it. */
const SCRIPT = `self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => \`graphiql/\${label}.worker.js\`,
};
YogaGraphiQL.renderYogaGraphiQL(
  document.getElementById('root'),
  JSON.parse(document.getElementById('options').textContent),
);
`;

/** The page of GraphiQL, which the browser asks for anew; all that is large in it has a file. */
export function graphiqlPage(listModels: (call: Call) => readonly ModelStatus[]): PageSource {
  return keepPage((call) => {
    const options = {
      endpoint: GRAPHQL_PATH,
      defaultTabs: graphiqlTabs(listModels(call), true),
      subscriptionsProtocol: 'WS',
      schemaDescription: true,
      inputValueDeprecation: true,
    };
    // No text of a model may end the element that it stands in.
    return toHtml(JSON.stringify(options).replaceAll('<', '\\u003c'));
  }, HEADERS);
}

/** What the page loads: files that the build has copied, which browsers keep. */
export function graphiqlFiles(): ReadonlyMap<string, PageSource> {
  const names = ['graphiql.js', 'graphiql.css', ...WORKERS.map((label) => `${label}.worker.js`)];
  return new Map([
    ['/graphiql/init.js', scriptPage(SCRIPT)],
    ...names.map((name) => [`/graphiql/${name}`, packageFile(`graphiql/${name}`)] as const),
  ]);
}

/** @param options as JSON that can stand in HTML */
function toHtml(options: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ML Inference API – GraphiQL</title>
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="graphiql/graphiql.css">
</head>
<body class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script type="application/json" id="options">${options}</script>
<script src="docs/key.js"></script>
<script src="graphiql/graphiql.js"></script>
<script src="graphiql/init.js"></script>
</body>
</html>
`;
}

/**
 * Whether a GraphQL request comes from a browser that opens the endpoint as a page: HTML is what it
 * wants first, also where the address holds an operation, which GraphiQL shows then.
 */
export function isBrowserVisit({ method, req }: Exchange): boolean {
  return method === 'GET' && /^\s*text\/html\b/.test(req.headers.accept ?? '');
}
