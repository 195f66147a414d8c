import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../support/certificate.ts';
import { NO_DRAIN } from '../support/no-drain.ts';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');

describe('docs/security.md', { timeout: 60_000 }, () => {
  let home: string;
  let text: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    text = await readFile('docs/security.md', 'utf8');
    home = await mkdtemp(path.join(os.tmpdir(), 'newcomer-'));
    await mkdir(path.join(home, 'bin'));
    const command = path.join(home, 'bin/ml-inference-api');
    const cli = path.join(ROOT, 'dist/cli.js');
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
    await chmod(command, 0o755);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null) continue;
      // The shell and what it has started.
      process.kill(-(child.pid ?? 0), 'SIGINT');
      await once(child, 'exit');
    }
    await rm(home, { recursive: true });
  });

  const environment = () => ({
    ...{ ...process.env, ...NO_DRAIN, LOG_FORMAT: 'json', LOG_LEVEL: 'info' },
    ...{ PATH: `${path.join(home, 'bin')}:${process.env.PATH ?? ''}` },
    ...{ PORT: '0', HOST: '127.0.0.1', MODELS_DIR: path.join(ROOT, 'models') },
  });

  /** The block after `<!-- example:NAME -->`. */
  const example = (name: string): string => {
    const found = new RegExp(`<!-- example:${name} -->\\s*\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(
      text,
    );
    if (!found?.[1]) throw new Error(`docs/security.md has no example "${name}"`);
    return found[1];
  };

  /** Runs a block that ends in a server; resolves with its port when it is ready. */
  const serve = async (script: string): Promise<number> => {
    const child = spawn('bash', ['-ec', script], {
      ...{ cwd: home, env: environment(), detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return new Promise((resolve, reject) => {
      let output = '';
      const read = (chunk: Buffer): void => {
        output += chunk.toString();
        const ready = output.split('\n').find((line) => line.includes('"msg":"ready"'));
        if (ready) resolve((JSON.parse(ready) as { port: number }).port);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('exit', () => reject(new Error(`the server did not start:\n${output}`)));
    });
  };
  const bash = async (script: string) =>
    (await run('bash', ['-ec', script], { cwd: home, env: environment() })).stdout;
  const status = async (script: string) =>
    (await bash(script.replace('curl ', 'curl -s -o /dev/null -w "%{http_code}" '))).trim();

  it('leads a newcomer from an open server to a secured one', async () => {
    const port = await serve(example('serve'));
    const ask = example('ask').replace('localhost:8000', `localhost:${port}`);
    expect(JSON.parse(await bash(ask))).toHaveProperty('prediction');
    const without = ask.replace(/-H "Authorization[^"]*"/, '');
    expect(without).not.toBe(ask);
    expect(await status(without)).toBe('401');
    expect(await status(ask.replace('web.key', 'ops.key'))).toBe('403');

    // What the page says of the file, and of revoking.
    const file = await readFile(path.join(home, 'access.yaml'), 'utf8');
    const key = (await readFile(path.join(home, 'web.key'), 'utf8')).trim();
    expect(file).not.toContain(key.slice(-20));
    const list = await bash('ml-inference-api keys list --file access.yaml --json');
    const web = (JSON.parse(list) as { id: string; name: string }[]).find(
      ({ name }) => name === 'web',
    );
    await bash(`ml-inference-api keys revoke ${web?.id ?? ''} --file access.yaml`);
    await expect.poll(() => status(ask), { timeout: 10_000 }).toBe('401');

    const usage = `curl -H "X-API-Key: $(cat ops.key)" http://localhost:${port}/usage`;
    expect(await bash(usage)).toContain('"name":"web"');
  });

  it('leads to HTTPS', async () => {
    const made = makeCertificate('localhost');
    await copyFile(made.certFile, path.join(home, 'tls.crt'));
    await copyFile(made.keyFile, path.join(home, 'tls.key'));
    made.remove();
    await bash('ml-inference-api keys create web --file access.yaml > web.key');
    const port = await serve(`export ACCESS_FILE=access.yaml\n${example('tls')}`);
    const ask = example('ask')
      .replace('http://localhost:8000', `https://localhost:${port}`)
      .replace('curl ', 'curl --cacert tls.crt ');
    expect(JSON.parse(await bash(ask))).toHaveProperty('prediction');
  });
});
