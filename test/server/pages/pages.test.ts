import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../../../schema/index.ts';
import { loadConfig } from '../../../src/config.ts';
import { graphiqlTabs } from '../../../src/server/pages/graphiql-tabs.ts';
import { parse, validate } from 'graphql';
import { createFakeServices, SENTIMENT } from '../../support/api/fake-services.ts';
import { rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

/** What a page makes the browser load: sources, links and style sheets of other servers. */
const EXTERNAL =
  /(?:src|href)\s*=\s*["'](?:https?:)?\/\/|@import\s+(?:url\()?["']?(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\//gi;

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the pages', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it.each(['/docs', '/redoc'])('%s and all it loads come from this server', async (path) => {
    const page = await fetch(server.url + path, { headers: BROWSER });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    expect(html.match(EXTERNAL)).toBeNull();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, url]) => url ?? '')
      .filter((url) => !url.startsWith('data:'));
    expect(assets.length).toBeGreaterThan(1);
    for (const asset of assets) {
      const response = await fetch(new URL(asset, server.url + path));
      expect(response.status, asset).toBe(200);
      if (asset.endsWith('.css')) expect((await response.text()).match(EXTERNAL)).toBeNull();
    }
  });

  it('ReDoc is served without the logo of its CDN', async () => {
    const text = await (await fetch(`${server.url}/redoc/redoc.standalone.js`)).text();
    expect(text).not.toContain('cdn.redoc.ly');
  });

  it('GraphiQL opens for browsers as a small page, whose files they keep', async () => {
    const response = await fetch(`${server.url}/graphql`, { headers: BROWSER });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(
      /script-src 'self' 'unsafe-eval';/,
    );
    const html = await response.text();
    expect(html.length).toBeLessThan(20_000);
    expect(html.match(EXTERNAL)).toBeNull();
    const options = optionsIn(html);
    expect(options).toMatchObject({ endpoint: '/graphql', subscriptionsProtocol: 'WS' });
    expect(JSON.stringify(options)).toContain('What a <great> day');
    for (const file of ['graphiql.js', 'graphiql.css', 'graphql.worker.js']) {
      const { status, headers } = await fetch(`${server.url}/graphiql/${file}`);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toContain('max-age=86400');
    }
  });

  it('GraphiQL shows an example that would end the element which it stands in', async () => {
    const text = 'a </script><script>alert(1)</script> <!-- b';
    const services = createFakeServices();
    const list = () => [{ ...SENTIMENT, examples: [{ input: { text } }] }];
    await using hostile = await startServer(
      {},
      { services: { ...services, models: { ...services.models, list } } },
    );
    const html = await (await fetch(`${hostile.url}/graphql`, { headers: BROWSER })).text();
    expect(html.match(/<script/g)).toHaveLength(4);
    expect(JSON.stringify(optionsIn(html))).toContain('<script>alert(1)</script> <!-- b');
  });

  it('GraphiQL opens for browsers where the address holds an operation, for nobody else', async () => {
    const address = `${server.url}/graphql?query={__typename}`;
    const page = await fetch(address, { headers: BROWSER });
    expect(page.headers.get('content-type')).toContain('text/html');
    for (const accept of ['*/*', 'application/json, text/html']) {
      const answer = await fetch(address, { headers: { accept } });
      expect(answer.headers.get('content-type')).toContain('json');
    }
  });

  it('are compressed, and not sent again where the browser has them', async () => {
    const first = await fetch(`${server.url}/docs/swagger-ui.css`);
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(first.headers.get('cache-control')).toContain('max-age');
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${server.url}/docs/swagger-ui.css`, {
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
  });

  it.each(['/docs/swagger-ui.css', '/openapi.json'])(
    'are whole for whoever asks, after one that takes no gzip too: %s',
    async (path) => {
      const plain = await rawRequest(server.url, { path });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(Number(plain.headers['content-length'])).toBe(Buffer.byteLength(plain.text));
      for (let round = 0; round < 2; round++) {
        const zipped = await rawRequest(server.url, {
          path,
          headers: { 'accept-encoding': 'gzip' },
          encoding: 'latin1',
        });
        expect(zipped.headers['content-encoding']).toBe('gzip');
        const bytes = Buffer.from(zipped.text, 'latin1');
        expect(Number(zipped.headers['content-length'])).toBe(bytes.length);
        expect(gunzipSync(bytes).toString()).toBe(plain.text);
        // As every browser does it: hangs where the declared length is not that of the body.
        expect(await (await fetch(server.url + path)).text()).toBe(plain.text);
      }
    },
  );

  it('can be turned off, all but the document', async () => {
    await using bare = await startServer({ graphiql: false });
    for (const path of ['/docs', '/redoc', '/docs/swagger-ui.css']) {
      expect((await fetch(bare.url + path)).status).toBe(404);
    }
    const graphql = await fetch(`${bare.url}/graphql`, { headers: BROWSER });
    expect(graphql.headers.get('content-type')).not.toContain('html');
    expect((await fetch(`${bare.url}/openapi.json`)).status).toBe(200);
  });
});

/** The options of GraphiQL that stand in its page. */
function optionsIn(html: string): unknown {
  return JSON.parse(/id="options">([^<]*)</.exec(html)?.[1] ?? '');
}

describe('the tabs of GraphiQL', () => {
  const schema = buildSchema([], loadConfig({}));

  it.each([
    ['models with examples', [SENTIMENT]],
    ['no model', []],
    [
      'inputs that cannot be written as literals',
      [{ ...SENTIMENT, examples: [{ input: { features: { 'a key': 1 } } }] }],
    ],
  ])('are valid operations for %s', (_name, models) => {
    const tabs = graphiqlTabs(models);
    expect(tabs).toHaveLength(4);
    for (const { query, variables } of tabs) {
      expect(validate(schema, parse(query))).toEqual([]);
      if (variables !== '') JSON.parse(variables);
    }
  });

  it('lead with the typed fields, and have three different names', () => {
    const tabs = graphiqlTabs([SENTIMENT], true);
    const typedSchema = buildSchema([SENTIMENT], loadConfig({}));
    const names = tabs.map(({ query }) => {
      expect(validate(typedSchema, parse(query))).toEqual([]);
      return /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1];
    });
    expect(names).toEqual(['TypedPredictions', 'PredictSentiment', 'LiveMetrics']);
  });
});
