import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Config } from '../../../src/config.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';
import { makeCertificate, type TestCertificate } from '../../support/certificate.ts';

describe('HTTPS', { timeout: 30_000 }, () => {
  const open: (TestServer | TestCertificate)[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) {
      if ('remove' in each) each.remove();
      else await each.close();
    }
  });

  const certificate = (name: string, days?: number) => {
    const made = makeCertificate(name, days);
    open.unshift(made);
    return made;
  };
  const serve = async (
    { certFile, keyFile }: TestCertificate,
    config: Partial<Config> = {},
  ): Promise<TestServer & { port: number }> => {
    const server = await startServer({ tlsCertFile: certFile, tlsKeyFile: keyFile, ...config });
    open.unshift(server);
    return Object.assign(server, { port: Number(new URL(server.url).port) });
  };
  const ask = (port: number, ca: Buffer, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; body: string; name: string }>((resolve, reject) => {
      const request = https.request(
        {
          ...{ host: '127.0.0.1', port, ca, method: 'POST', path: '/predict', agent: false },
          headers: { 'content-type': 'application/json', ...headers },
        },
        (response) => {
          const { socket } = response;
          const name = socket instanceof tls.TLSSocket && socket.getPeerCertificate().subject.CN;
          let body = '';
          response.on('data', (chunk: Buffer) => (body += chunk.toString()));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body, name: String(name) }),
          );
        },
      );
      request.on('error', reject);
      request.end(JSON.stringify({ input: 'x' }));
    });

  it('answers requests, upgrades that it does not take up, and WebSockets', async () => {
    const made = certificate('one');
    const { port } = await serve(made);
    const plain = await ask(port, made.cert);
    expect(plain).toMatchObject({ status: 200, name: 'one' });
    const asked = { connection: 'upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': 'AA' };
    expect((await ask(port, made.cert, asked)).status).toBe(200);
    const socket = new WebSocket(`wss://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      ca: made.cert,
    });
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(message.toString()).toContain('connection_ack');
    socket.terminate();
  });

  it('takes renewed files for new connections, and keeps the last good ones', async () => {
    const [one, two] = [certificate('one'), certificate('two')];
    const { port, log } = await serve(one);
    const old = tls.connect({ port, ca: one.cert, host: '127.0.0.1' });
    await once(old, 'secureConnect');
    const logged = (text: string) => log.some(({ msg }) => String(msg).includes(text));
    // Half of a renewal does not fit.
    writeFileSync(one.certFile, two.cert);
    await expect.poll(() => logged('cannot be used'), { timeout: 5_000 }).toBe(true);
    expect((await ask(port, one.cert)).name).toBe('one');
    writeFileSync(`${one.keyFile}.new`, two.key);
    renameSync(`${one.keyFile}.new`, one.keyFile);
    await expect.poll(() => logged('certificate renewed'), { timeout: 5_000 }).toBe(true);
    expect((await ask(port, two.cert)).name).toBe('two');
    await expect(ask(port, one.cert)).rejects.toThrow(/self-signed/);
    // A connection that was open goes on.
    old.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [answer] = (await once(old, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
    old.destroy();
    expect(JSON.stringify(log)).not.toMatch(/PRIVATE KEY|tls\.key/);
  });

  it('closes connections that are not encrypted, or by nothing that it speaks', async () => {
    const made = certificate('one');
    const { port, log } = await serve(made);
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    socket.write('GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    expect(received).not.toContain('HTTP/1.1 200');
    const outdated = tls.connect({
      ...{ port, host: '127.0.0.1', ca: made.cert },
      ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' },
    });
    const [error] = (await once(outdated, 'error')) as [Error];
    expect(error.message).toMatch(/version|protocol|alert/);
    expect((await ask(port, made.cert)).status).toBe(200);
    expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('answers a request that cannot be read', async () => {
    const made = certificate('one');
    const { port } = await serve(made);
    const socket = tls.connect({ port, ca: made.cert, host: '127.0.0.1' });
    await once(socket, 'secureConnect');
    socket.write('NOT HTTP\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 400/);
    socket.destroy();
  });

  it('encrypts gRPC with the same certificate', async () => {
    const [one, two] = [certificate('one'), certificate('two')];
    const { grpcPort, log } = await serve(one, { grpcPort: 0 });
    const isLive = (ca: Buffer) => {
      const client = new Client(`127.0.0.1:${grpcPort}`, credentials.createSsl(ca), {
        'grpc.ssl_target_name_override': 'localhost',
      });
      return new Promise<boolean>((resolve) => {
        client.waitForReady(Date.now() + 2_000, (error) => {
          client.close();
          resolve(!error);
        });
      });
    };
    expect(await isLive(one.cert)).toBe(true);
    writeFileSync(one.keyFile, two.key);
    writeFileSync(one.certFile, two.cert);
    await expect
      .poll(() => log.some(({ msg }) => msg === 'certificate renewed'), { timeout: 5_000 })
      .toBe(true);
    expect(await isLive(two.cert)).toBe(true);
  });

  it('refuses to start with files that do not fit, and warns of a certificate that ends', async () => {
    const [one, two] = [certificate('one'), certificate('two', 3)];
    await expect(serve({ ...one, keyFile: two.keyFile })).rejects.toThrow(
      /TLS_CERT_FILE and TLS_KEY_FILE must be a PEM certificate and its private key/,
    );
    await expect(serve({ ...one, keyFile: '/nowhere/tls.key' })).rejects.toThrow(
      'TLS_KEY_FILE cannot be read (ENOENT)',
    );
    const { log } = await serve(two);
    expect(log.some(({ msg }) => msg === 'the certificate ends soon')).toBe(true);
  });
});
