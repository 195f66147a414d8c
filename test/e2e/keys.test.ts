import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeModelsFolder } from '../support/models-folder.ts';

const CLI = path.join(import.meta.dirname, '../../dist/cli.js');

describe('keys on the command line', { timeout: 30_000 }, () => {
  let home: string;
  let file: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'keys-'));
    file = path.join(home, 'access.yaml');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const keys = (args: readonly string[], env: Record<string, string> = {}) =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        [CLI, 'keys', ...args],
        { env: { ...process.env, ACCESS_FILE: file, ...env } },
        (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
      );
    });

  it('prints the secret alone on standard output, and stores its hash alone', async () => {
    const made = await keys(['create', 'web', '--rate', '600/minute', '--expires', '30d']);
    expect(made).toMatchObject({ status: 0 });
    expect(made.stdout).toMatch(/^mlapi_[A-Za-z0-9]{12}_\S{43}\n$/);
    expect(made.stderr).toContain('predict, models:read');
    const [, id = '', secret = ''] = made.stdout.trim().split('_');
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
    expect(made.stderr).not.toContain(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await keys(['list'])).stdout).toMatch(new RegExp(`${id} +web .* 600/minute .* active`));
    expect((await keys(['revoke', id])).status).toBe(0);
    expect((await keys(['list'])).stdout).toContain('revoked');
    expect((await keys(['revoke', 'nobody'])).status).toBe(1);
  });

  it('refuses scopes that nobody asks for, and names those that there are', async () => {
    const models = await makeModelsFolder();
    await models.add('penguins');
    await models.configure('penguins', { access: { scope: 'birds' } });
    const env = { MODELS_DIR: models.root };
    const wrong = await keys(['create', 'web', '--scopes', 'predict,model:read'], env);
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    expect(wrong.stderr).toContain('"model:read"');
    expect(wrong.stderr).toContain(
      'predict, models:read, metrics:read, outcomes:write, models:admin, access:admin, documents:any',
    );
    expect(wrong.stderr).toContain('of models: birds');
    expect((await keys(['create', 'web', '--scopes', 'predict,birds'], env)).status).toBe(0);
    const any = ['create', 'web', '--scopes', 'predict,elsewhere', '--any-scope'];
    expect((await keys(any, env)).status).toBe(0);
    await models.remove();
  });

  it.each([
    ['--rate', '600'],
    ['--rate', '0/minute'],
    ['--expires', '2001-01-01T00:00:00Z'],
    ['--expires', 'soon'],
    ['--weight', '-1'],
    ['--models', ','],
    ['--scopes', ''],
  ])('refuses %s %s and writes nothing', async (option, value) => {
    const { status, stdout, stderr } = await keys(['create', 'web', option, value]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(option);
    expect(() => statSync(file)).toThrow();
  });

  it('leaves a file that it cannot read as it is', async () => {
    writeFileSync(file, 'keys: [');
    const { status, stderr } = await keys(['create', 'web']);
    expect(status).toBe(1);
    expect(stderr).toContain('not valid YAML');
    expect(readFileSync(file, 'utf8')).toBe('keys: [');
  });

  it('loses no key that another command adds at the same time', async () => {
    const names = Array.from({ length: 4 }, (_, i) => `key-${i}`);
    await Promise.all(names.map((name) => keys(['create', name])));
    const { stdout } = await keys(['list', '--json']);
    const found = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(found.sort()).toEqual(names);
  });
});
