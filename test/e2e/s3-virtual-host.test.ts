import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canMount, withMounts } from '../support/private-mounts.ts';
import { freePort } from '../support/redis-server.ts';
import { filesOf } from '../support/sources/files-of.ts';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  startObjectStore,
} from '../support/sources/object-store.ts';

const REGION = 'eu-central-1';
const AWS = `s3.${REGION}.amazonaws.com`;
const BUCKETS = ['models-of-acme', 'models.of.acme'];

/** An address of this machine that no other test has. */
const part = (): number => 1 + Math.floor(Math.random() * 254);
const ADDRESS = `127.${part()}.${part()}.${part()}`;

/** Whether this machine can stand in for AWS: its port of HTTPS, a certificate, names of hosts. */
const canBeAws = canMount && hasOpenssl() && (await canListen());
if (!canBeAws) {
  const how = 'it needs the right to listen on port 443, and `apt-get install openssl`';
  if (process.env.CI === 'true') throw new Error(`A test stands in for AWS: ${how}.`);
  console.warn(`Skipped, as nothing can stand in for AWS here: ${how}.`);
}

function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0;
}

function canListen(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(443, ADDRESS, () => server.close(() => resolve(true)));
  });
}

describe.skipIf(!canBeAws)('models of S3 itself, without AWS_ENDPOINT_URL', () => {
  let folder: string;
  let store: ObjectStore;
  const hosts = new Set<string>();
  const file = (name: string): string => path.join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'aws-'));
    // As that of AWS: its asterisk is one label, so no name of a bucket with dots fits.
    const names = `subjectAltName=DNS:${AWS},DNS:*.${AWS}`;
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=AWS', '-addext', names],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-keyout', file('key.pem'), '-out', file('cert.pem')],
    ]);
    expect(made.status, String(made.stderr)).toBe(0);
    store = await startObjectStore({
      pageSize: 2,
      region: REGION,
      aws: {
        address: ADDRESS,
        key: await readFile(file('key.pem')),
        cert: await readFile(file('cert.pem')),
      },
    });
    for (const bucket of BUCKETS) {
      for (const [name, content] of await filesOf('models/penguins')) {
        store.objects.set(`${bucket}/prod/penguins/${name}`, content);
      }
    }
    hosts.clear();
    store.fault = ({ headers }) => {
      hosts.add(headers.host ?? '');
      return false;
    };
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['the host of their bucket', BUCKETS[0] ?? '', `${BUCKETS[0]}.${AWS}`],
    ['a path where the name of their bucket has dots', BUCKETS[1] ?? '', AWS],
  ])(
    'are asked for at %s, and served',
    async (_where, bucket, host) => {
      const names = ['127.0.0.1 localhost', `${ADDRESS} ${AWS} ${BUCKETS[0]}.${AWS}`];
      await writeFile(file('hosts'), `${names.join('\n')}\n`);
      const port = await freePort();
      const { command, args } = withMounts(
        [`mount --bind ${file('hosts')} /etc/hosts`],
        [process.execPath, 'dist/main.js'],
      );
      const server = spawn(command, args, {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          PATH: process.env.PATH,
          HOST: '127.0.0.1',
          PORT: String(port),
          LOG_FORMAT: 'json',
          STATE_DIR: file('state'),
          NODE_EXTRA_CA_CERTS: file('cert.pem'),
          MODELS_URL: `s3://${bucket}/prod`,
          AWS_ACCESS_KEY_ID: ACCESS_KEY,
          AWS_SECRET_ACCESS_KEY: SECRET_KEY,
          AWS_REGION: REGION,
        },
      });
      try {
        let log = '';
        await new Promise<void>((resolve, reject) => {
          server.stdout.on('data', (piece: Buffer) => {
            log += piece.toString();
            if (log.includes('"msg":"ready"')) resolve();
          });
          server.once('exit', () => reject(new Error(`it ended:\n${log}`)));
        });
        const url = `http://127.0.0.1:${port}`;
        const health = (await (await fetch(`${url}/health`)).json()) as Record<string, unknown>;
        expect(health, log).toMatchObject({ status: 'healthy', reasons: [] });
        const answer = await fetch(`${url}/predict`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ input: { features: { island: 'Dream', body_mass_g: 3700 } } }),
        });
        expect([answer.status, await answer.json()]).toMatchObject([200, { model: 'penguins' }]);
        expect([...hosts]).toEqual([host]);
      } finally {
        server.kill('SIGKILL');
        if (server.exitCode === null) await once(server, 'exit');
      }
    },
    120_000,
  );
});
