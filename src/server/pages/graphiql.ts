import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { Call } from '../../services/call.ts';
import type { ModelStatus } from '../../services/model-status.ts';
import { graphiqlTabs } from './graphiql-tabs.ts';
import { HTML_HEADERS, Page, type PageSource } from './page.ts';
import { GRAPHQL_PATH } from '../graphql/graphql-http.ts';
import type { Exchange } from '../http/exchange.ts';

const HEADERS = {
  ...HTML_HEADERS,
  'Content-Security-Policy': [
    "default-src 'self'",
    // The page is one file with its scripts inside; the editor compiles its grammars.
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss: data: blob:",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
  ].join('; '),
};

/** Before everything else, so that no request goes past it. */
const KEY_SCRIPT_TAG = '<script src="docs/key.js"></script>';

/** The page of GraphiQL with everything it needs inside; rendered anew when the examples change. */
export function graphiqlPage(listModels: (call: Call) => readonly ModelStatus[]): PageSource {
  let kept: { key: string; page: Page } | undefined;
  return (call) => {
    const tabs = graphiqlTabs(listModels(call), true);
    const key = JSON.stringify(tabs);
    if (kept?.key !== key) {
      const html = renderGraphiQL({
        title: 'ML Inference API – GraphiQL',
        endpoint: GRAPHQL_PATH,
        defaultTabs: tabs,
        subscriptionsProtocol: 'WS',
        schemaDescription: true,
        inputValueDeprecation: true,
      });
      kept = { key, page: new Page(html.replace('<head>', `<head>${KEY_SCRIPT_TAG}`), HEADERS) };
    }
    return kept.page;
  };
}

/**
 * Whether a GraphQL request comes from a browser that opens the endpoint as a page: HTML is what it
 * wants first, also where the address holds an operation, which GraphiQL shows then.
 */
export function isBrowserVisit({ method, req }: Exchange): boolean {
  return method === 'GET' && /^\s*text\/html\b/.test(req.headers.accept ?? '');
}
