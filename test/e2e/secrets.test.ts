import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createApiKey } from '../../src/access/api-key.ts';
import { makeCertificate } from '../support/certificate.ts';
import { NO_DRAIN } from '../support/no-drain.ts';
import { freePort, RedisServer, redisServerAvailable } from '../support/redis-server.ts';

const SCOPES = [
  ...['predict', 'models:read', 'metrics:read', 'outcomes:write', 'models:admin'],
  ...['access:admin', 'documents:any'],
];

/** Everything that a server with every feature puts out, after a run of everything. */
describe.skipIf(!redisServerAvailable)('secrets', { timeout: 120_000 }, () => {
  it('are in no line of the log, no answer, no metric, no trace and no file', async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'secrets-'));
    const secrets: Record<string, string> = {
      aws: 'aws-secret-7b1f0c2d9e',
      hub: 'hf_hubtoken5f2c91',
      redis: 'redis-password-93ad',
      webhook: 'webhook-token-51c7',
    };
    const keys = { all: createApiKey(), little: createApiKey(), unknown: createApiKey() };
    for (const [name, { key }] of Object.entries(keys)) {
      secrets[`key ${name}`] = key.split('_')[2] ?? '';
    }
    const certificate = makeCertificate('localhost');
    secrets.certificate = certificate.key.toString().split('\n')[1] ?? '';
    const output: string[] = [];

    // A collector of traces, an issuer, and a receiver of alerts.
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256' }] };
    let traced = 0;
    const helper = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
      req.on('end', () => {
        if (req.url === '/v1/traces') {
          traced++;
          output.push(body);
        }
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(req.url === '/jwks' ? JSON.stringify(jwks) : '{}');
      });
    });
    helper.listen(0, '127.0.0.1');
    await once(helper, 'listening');
    const helperUrl = `http://127.0.0.1:${(helper.address() as AddressInfo).port}`;
    const sign = async (expires: string) => {
      const claims = { scope: SCOPES.join(' '), sub: 'robot' };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: '1' })
        .setExpirationTime(expires)
        .sign(privateKey);
      secrets[`token ${expires}`] = token.split('.')[2] ?? '';
      return token;
    };
    const tokens = [await sign('1h'), await sign('-1h')];
    const redis = await RedisServer.start(['--requirepass', secrets.redis ?? '']);

    const write = (scopes: readonly string[]) =>
      writeFile(
        path.join(home, 'access.yaml'),
        JSON.stringify({
          keys: [
            { id: keys.all.id, sha256: keys.all.sha256, name: 'all', scopes },
            {
              ...{ id: keys.little.id, sha256: keys.little.sha256, name: 'little' },
              ...{ scopes: ['predict'], models: ['penguins'], rate: '3/hour' },
            },
          ],
        }),
      );
    await write(SCOPES);
    await mkdir(path.join(home, 'state'));
    const grpcPort = await freePort();
    const child = spawn(process.execPath, ['dist/main.js'], {
      env: {
        ...{ PATH: process.env.PATH, ...NO_DRAIN, HOST: '127.0.0.1', PORT: '0' },
        ...{ GRPC_PORT: String(grpcPort), LOG_LEVEL: 'trace', LOG_FORMAT: 'json' },
        ...{ LOG_INPUTS: 'true', QUERY_COST: 'measure', STATE_DIR: path.join(home, 'state') },
        ...{ ACCESS_FILE: path.join(home, 'access.yaml'), JWT_JWKS_URL: `${helperUrl}/jwks` },
        ...{ TLS_CERT_FILE: certificate.certFile, TLS_KEY_FILE: certificate.keyFile },
        ...{ REDIS_URL: redis.url.replace('//', `//:${secrets.redis ?? ''}@`) },
        ...{ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: secrets.aws, HF_TOKEN: secrets.hub },
        ...{ DRIFT_WEBHOOK_URL: `${helperUrl}/?token=${secrets.webhook ?? ''}` },
        ...{ OTEL_EXPORTER_OTLP_ENDPOINT: helperUrl, OTEL_BSP_SCHEDULE_DELAY: '50' },
        // Certificates of tests are nobody's.
        NODE_EXTRA_CA_CERTS: certificate.certFile,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        output.push(chunk.toString());
        const ready = output
          .join('')
          .split('\n')
          .find((line) => line.includes('"msg":"ready"'));
        if (ready) resolve(`https://127.0.0.1:${(JSON.parse(ready) as { port: number }).port}`);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('exit', () => reject(new Error(output.join(''))));
    });

    const { request } = await import('node:https');
    const ask = (
      method: string,
      target: string,
      headers: Record<string, string | string[]> = {},
      body?: string,
    ) =>
      new Promise<number>((resolve, reject) => {
        const sent = request(
          `${url}${target}`,
          {
            ...{ method, ca: certificate.cert, checkServerIdentity: () => undefined },
            headers: { 'content-type': 'application/json', ...headers },
          },
          (response) => {
            output.push(JSON.stringify(response.headers));
            response.on('data', (chunk: Buffer) => output.push(chunk.toString()));
            response.on('end', () => resolve(response.statusCode ?? 0));
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });

    const all = { 'x-api-key': keys.all.key };
    const bearers = [
      ...Object.values(keys).map(({ key }) => key),
      ...tokens,
      // Cut, lengthened, and of another form.
      ...[keys.all.key.slice(0, -1), `${keys.all.key}x`, `${tokens[0] ?? ''}x`],
    ];
    const input = JSON.stringify({ input: { features: { island: 'Dream' } }, model: 'penguins' });
    const graphql = JSON.stringify({ query: '{ models { name } usage { id } }' });
    const statuses: number[] = [];
    for (const bearer of bearers) {
      for (const headers of [
        { authorization: `Bearer ${bearer}` },
        { authorization: `Basic ${bearer}` },
        { authorization: bearer },
        { 'x-api-key': bearer },
        { authorization: `Bearer ${bearer}`, 'x-api-key': bearer },
        { authorization: [`Bearer ${bearer}`, `Bearer ${bearer}`] },
      ]) {
        statuses.push(await ask('POST', '/predict', headers, input));
        statuses.push(await ask('POST', '/graphql', headers, graphql));
      }
      for (const name of ['api_key', 'apiKey', 'key', 'access_token', 'token']) {
        statuses.push(await ask('GET', `/models?${name}=${bearer}`));
        statuses.push(await ask('GET', `/graphql?query={__typename}&${name}=${bearer}`));
      }
      // Where nobody looks for one.
      statuses.push(await ask('GET', `/models/${bearer}/x`, all));
      statuses.push(await ask('GET', `//${bearer}`));
    }
    expect(statuses).toContain(200);
    expect(statuses).toContain(401);
    expect(statuses).toContain(400);

    for (const bearer of bearers) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        ca: certificate.cert,
        checkServerIdentity: () => undefined as never,
      });
      socket.on('message', (data: Buffer) => output.push(data.toString()));
      socket.on('close', (_code, reason) => output.push(reason.toString()));
      socket.on('error', () => undefined);
      await once(socket, 'open');
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${bearer}` } }),
      );
      await Promise.race([once(socket, 'message'), once(socket, 'close')]);
      socket.terminate();
    }
    const client = new Client(`127.0.0.1:${grpcPort}`, credentials.createSsl(certificate.cert), {
      'grpc.ssl_target_name_override': 'localhost',
    });
    for (const bearer of bearers) {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${bearer}`);
      await new Promise<void>((resolve) => {
        client.makeUnaryRequest(
          '/inference.GRPCInferenceService/ServerMetadata',
          (message: Buffer) => message,
          (bytes: Buffer) => bytes,
          Buffer.alloc(0),
          metadata,
          (error, answer) => {
            output.push(String(error?.message), String(answer));
            resolve();
          },
        );
      });
    }
    client.close();

    // Over its rate, and everything that tells of keys and settings.
    for (let i = 0; i < 5; i++) {
      await ask('POST', '/predict', { 'x-api-key': keys.little.key }, input);
    }
    for (const page of [
      ...['/health', '/models', '/metrics', '/metrics/prometheus', '/openapi.json', '/usage'],
      ...['/v2', '/', '/docs', '/graphql', '/docs/init.js', '/nothing'],
    ]) {
      await ask('GET', page, all);
    }
    await ask('POST', '/models/penguins/unload', all, '{}');
    await ask('POST', '/models/penguins/load', all, '{}');
    await ask('POST', '/predict', all, `{"input": ${JSON.stringify(keys.all.key)}`);
    // Someone writes the key itself into the file, and it no longer parses.
    await writeFile(path.join(home, 'access.yaml'), `keys:\n  - ${keys.all.key}: [`);
    const logged = (text: string) =>
      expect.poll(() => output.join(''), { timeout: 10_000 }).toContain(text);
    await logged('the access file cannot be used');
    await writeFile(path.join(home, 'access.yaml'), `keys: [{ id: ${keys.all.key} }]`);
    await expect
      .poll(() => output.join('').split('the access file cannot be used').length, {
        timeout: 10_000,
      })
      .toBeGreaterThan(2);
    await redis.kill();
    await ask('GET', '/health', all);
    await expect.poll(() => traced, { timeout: 10_000 }).toBeGreaterThan(0);
    child.kill('SIGTERM');
    await once(child, 'exit');

    for (const name of await readdir(path.join(home, 'state'), { recursive: true })) {
      output.push(name, await readFile(path.join(home, 'state', name), 'utf8').catch(() => ''));
    }
    helper.close();
    await redis.stop();
    certificate.remove();
    await rm(home, { recursive: true });

    const text = output.join('\n');
    expect(text.length).toBeGreaterThan(50_000);
    expect(text).toContain('"msg":"request"');
    expect(text).toContain('ml_inference_requests_total');
    expect(text).toContain('resourceSpans');
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length).toBeGreaterThan(8);
      const at = text.indexOf(secret);
      const where = at === -1 ? '' : text.slice(Math.max(0, at - 300), at + 100);
      expect(where, name).toBe('');
    }
  });
});
