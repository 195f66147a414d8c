import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe('the packed tarball', { timeout: 120_000 }, () => {
  let folder: string;
  let packed: Packed;
  let installed: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'packed-'));
    const { stdout } = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
      { maxBuffer: 64 * 2 ** 20 },
    );
    [packed] = JSON.parse(stdout) as [Packed];
    await run('tar', ['xzf', path.join(folder, packed.filename), '-C', folder]);
    installed = path.join(folder, 'package');
    await symlink(path.resolve('node_modules'), path.join(installed, 'node_modules'));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has what it needs and no sources of tests, models or training', () => {
    const files = packed.files.map(({ path: file }) => file);
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/cli.js',
        'dist/client.js',
        'dist/client.d.ts',
        'dist/vendor/swagger-ui-bundle.js',
        'schema/schema.graphql',
        'schema/model.schema.json',
        'LICENSE',
        'README.md',
      ]),
    );
    expect(files.filter((file) => /^(src|test|bench|node_modules)\//.test(file))).toEqual([]);
  });

  it('brings nothing at run time that only builds or tests need', async () => {
    const { dependencies, license, repository, exports } = JSON.parse(
      await readFile(path.join(installed, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, unknown>>;
    for (const name of ['esbuild', 'swagger-ui-dist', 'redoc', 'vite', 'vitepress']) {
      expect(dependencies).not.toHaveProperty(name);
    }
    expect(license).toBe('MIT');
    expect(repository).toMatchObject({ type: 'git' });
    expect(exports).toHaveProperty('./client');
  });

  it('runs its command, and suggests the near one for an unknown one', async () => {
    const cli = path.join(installed, 'dist', 'cli.js');
    const { stdout } = await run(process.execPath, [cli, '--version']);
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
    await expect(run(process.execPath, [cli, 'predct'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean "predict"?') as string,
    });
    const listed = await run(process.execPath, [cli, 'models', '--json', '--models', 'models']);
    const models = (await readdir('models')).filter((name) => !name.startsWith('.'));
    expect(JSON.parse(listed.stdout)).toHaveLength(models.length);
  });

  it('gives the client to those that import it', async () => {
    const user = path.join(folder, 'user');
    await run('mkdir', ['-p', path.join(user, 'node_modules')]);
    await symlink(installed, path.join(user, 'node_modules', 'ml-inference-api'));
    await writeFile(
      path.join(user, 'main.mjs'),
      "import { createClient } from 'ml-inference-api/client';\nconsole.log(typeof createClient);\n",
    );
    const { stdout } = await run(process.execPath, [path.join(user, 'main.mjs')]);
    expect(stdout.trim()).toBe('function');
  });
});
