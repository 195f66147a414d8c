import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createClient,
  type ErrorCode,
  ModelApiError,
  type TypedOperation,
} from '../../client/index.ts';
import { ERRORS } from '../../src/errors.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const INTENT = `query ($text: String!, $other: String!) {
  one: banking77(text: $text) { label }
  two: banking77(text: $other) { label }
}` as unknown as TypedOperation<
  { one: { label: string } | null; two: { label: string } | null },
  { text: string; other: string }
>;

type CodesOfServer = keyof typeof ERRORS;

describe('the small client', { timeout: 60_000 }, () => {
  let app: RunningApp;
  let fake: Server;
  let url: string;
  let respond: (request: IncomingMessage, response: ServerResponse) => void;
  beforeAll(async () => {
    app = await runApp();
    fake = createServer((request, response) => respond(request, response));
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(fake.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    fake.close();
    await app.stop();
  });

  it('knows the codes of the server', () => {
    const known = (code: ErrorCode): CodesOfServer => code;
    expect(Object.keys(ERRORS)).toContain(known('OVERLOADED'));
  });

  it('gives data and errors side by side, or throws for any error', async () => {
    const client = createClient({ url: `${app.url}/graphql` });
    const variables = { text: 'Where is my card?', other: '' };
    const { data, errors, requestId } = await client.send(INTENT, variables);
    expect(data).toEqual({ one: { label: 'card_arrival' }, two: null });
    expect(errors).toMatchObject([{ path: ['two'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(requestId).toMatch(/./);
    const failure = await client.request(INTENT, variables).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ModelApiError);
    expect(failure).toMatchObject({ code: 'BAD_USER_INPUT', data });
  });

  it('tries again what may pass, and not what cannot', async () => {
    let calls = 0;
    respond = (request, response) => {
      request.resume();
      calls += 1;
      const code = calls === 1 ? 'OVERLOADED' : 'BAD_USER_INPUT';
      const error = { message: 'no', extensions: { code, retryAfterSeconds: 0.01 } };
      response.end(JSON.stringify({ data: null, errors: [error] }));
    };
    const { errors } = await createClient({ url, retries: 5 }).send(INTENT, {
      text: '',
      other: '',
    });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(calls).toBe(2);
  });

  it('says what a proxy answered, and that nobody did', async () => {
    respond = (request, response) => {
      request.resume();
      response.writeHead(404).end('<html>');
    };
    const variables = { text: '', other: '' };
    await expect(createClient({ url }).request(INTENT, variables)).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'HTTP 404 without a GraphQL response',
    });
    respond = (request) => request.destroy();
    const lost = createClient({ url, retries: 0 }).request(INTENT, variables);
    await expect(lost).rejects.toMatchObject({ code: 'NETWORK_ERROR' });
  });

  it('sends the hash of a trusted document instead of its text', async () => {
    let body = '';
    respond = (request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end('{"data":{}}'));
    };
    const hash = 'a'.repeat(64);
    const operation = Object.assign(new String('{ health { status } }'), { __meta__: { hash } });
    await createClient({ url, trustedDocuments: true }).request(operation, {});
    expect(JSON.parse(body)).toEqual({ documentId: `sha256:${hash}`, variables: {} });
  });

  it('is under 3 kB', async () => {
    const { outputFiles } = await build({
      entryPoints: ['client/index.ts'],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    });
    expect(outputFiles[0]?.contents.length).toBeLessThan(3_000);
    expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(1_600);
  });
});
