import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createApiKey } from '../../src/access/api-key.ts';
import type { Config } from '../../src/config.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const KNOWN = 'query Known { models { name } }';
const LIVE = 'subscription Live { metrics(intervalMs: 100) { totalRequests } }';
const OTHER = '{ health { status } }';
const sha = (text: string) => hash('sha256', text);

describe('trusted documents', { timeout: 60_000 }, () => {
  let home: string;
  const keys = { app: createApiKey(), ops: createApiKey() };
  const servers: RunningApp[] = [];
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'documents-'));
    const documents = { [sha(KNOWN)]: KNOWN, [sha(LIVE)]: LIVE };
    await writeFile(path.join(home, 'persisted-documents.json'), JSON.stringify(documents));
    const scopes = ['predict', 'models:read', 'metrics:read'];
    const { app, ops } = keys;
    const written = [
      { id: app.id, sha256: app.sha256, name: 'app', scopes },
      { id: ops.id, sha256: ops.sha256, name: 'ops', scopes: [...scopes, 'documents:any'] },
    ];
    await writeFile(path.join(home, 'access.yaml'), JSON.stringify({ keys: written }));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  afterAll(() => rm(home, { recursive: true }));

  type Params = Readonly<Record<string, unknown>>;
  interface Reply {
    readonly status: number;
    readonly text: string;
  }

  const serve = async (config: Partial<Config> = {}) => {
    const server = await runApp({
      ...{ accessFile: path.join(home, 'access.yaml'), trustedDocuments: home },
      ...config,
    });
    servers.push(server);
    const url = `${server.url}/graphql`;
    const read = async (response: Promise<Response>): Promise<Reply> => {
      const settled = await response;
      return { status: settled.status, text: await settled.text() };
    };
    const post =
      (accept: string) =>
      (params: Params, key = keys.app.key) =>
        read(
          fetch(url, {
            method: 'POST',
            headers: { accept, 'content-type': 'application/json', 'x-api-key': key },
            body: JSON.stringify(params),
          }),
        );
    const get = (params: Params, key = keys.app.key) => {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(params)) {
        search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
      }
      const headers = { accept: 'application/json', 'x-api-key': key };
      return read(fetch(`${url}?${search.toString()}`, { headers }));
    };
    const socket = async (params: Params, key = keys.app.key): Promise<Reply> => {
      const opened = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
      await once(opened, 'open');
      const send = (message: object) => opened.send(JSON.stringify(message));
      send({ type: 'connection_init', payload: { apiKey: key } });
      await once(opened, 'message');
      // The protocol wants a query; beside an id it is empty.
      send({ type: 'subscribe', id: '1', payload: { query: '', ...params } });
      const [message] = (await once(opened, 'message')) as [Buffer];
      opened.terminate();
      return { status: 200, text: message.toString() };
    };
    return {
      POST: post('application/json'),
      'POST of another media type': post('application/graphql-response+json'),
      GET: get,
      WebSocket: socket,
    };
  };
  const WAYS = ['POST', 'POST of another media type', 'GET', 'WebSocket'] as const;
  const apq = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha(text) } });

  it('are answered on every way, and nothing else is', async () => {
    const ways = await serve();
    for (const way of WAYS) {
      const ask = ways[way];
      for (const named of [
        { documentId: `sha256:${sha(KNOWN)}` },
        { extensions: apq(KNOWN) },
        { query: KNOWN },
      ]) {
        expect((await ask(named)).text, `${way} ${JSON.stringify(named)}`).toContain('penguins');
      }
      const other = await ask({ query: OTHER });
      expect(other.text, way).toContain('FORBIDDEN');
      expect(other.text, way).toContain('documents:any');
      expect((await ask({ query: OTHER }, keys.ops.key)).text, way).toContain('HEALTHY');
      // Nobody registers one either, nor finds by its name what is none.
      expect((await ask({ query: OTHER, extensions: apq(OTHER) })).text).toContain(
        'PERSISTED_QUERY_NOT_SUPPORTED',
      );
      expect((await ask({ documentId: `sha256:${sha(OTHER)}` })).text).toContain('BAD_USER_INPUT');
      expect((await ask({ documentId: 'sha256:nothing' })).text).toContain('BAD_USER_INPUT');
      const both = await ask({ query: KNOWN, documentId: `sha256:${sha(KNOWN)}` });
      expect(both.text).toContain('BAD_USER_INPUT');
    }
    const live = await ways.WebSocket({ documentId: `sha256:${sha(LIVE)}` });
    expect(live.text).toContain('totalRequests');
  });

  it('are preferred with TRUSTED_DOCUMENTS_MODE=prefer, beside persisted queries', async () => {
    const ways = await serve({ trustedDocumentsMode: 'prefer' });
    for (const way of WAYS) {
      const ask = ways[way];
      expect((await ask({ documentId: `sha256:${sha(KNOWN)}` })).text, way).toContain('penguins');
      expect((await ask({ query: OTHER })).text, way).toContain('HEALTHY');
      const query = `query Of${WAYS.indexOf(way)} { health { status } }`;
      expect((await ask({ extensions: apq(query) })).text, way).toContain(
        'PERSISTED_QUERY_NOT_FOUND',
      );
      expect((await ask({ query, extensions: apq(query) })).text, way).toContain('HEALTHY');
      expect((await ask({ extensions: apq(query) })).text, way).toContain('HEALTHY');
    }
  });

  it('are none with TRUSTED_DOCUMENTS_MODE=off', async () => {
    const { POST } = await serve({ trustedDocumentsMode: 'off' });
    expect((await POST({ query: OTHER })).text).toContain('HEALTHY');
    expect((await POST({ documentId: `sha256:${sha(KNOWN)}` })).text).toContain('BAD_USER_INPUT');
  });
});
