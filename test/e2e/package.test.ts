import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackedPackage, packPackage } from '../support/packed-package.ts';

describe('the packed tarball', { timeout: 120_000 }, () => {
  let packed: PackedPackage;
  beforeAll(async () => {
    packed = await packPackage();
  }, 120_000);
  afterAll(() => packed.remove());

  it('has what it needs and no sources of tests, models or training', () => {
    const { files } = packed;
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
      await readFile(path.join(packed.installed, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, unknown>>;
    for (const name of ['esbuild', 'swagger-ui-dist', 'redoc', 'vite', 'vitepress']) {
      expect(dependencies).not.toHaveProperty(name);
    }
    expect(license).toBe('MIT');
    expect(repository).toMatchObject({ type: 'git' });
    expect(exports).toHaveProperty('./client');
  });

  it('runs its command', async () => {
    const version = await packed.npx('--version');
    expect(version.stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
    const listed = await packed.npx('models', '--json', '--models', path.resolve('models'));
    const models = (await readdir('models')).filter((name) => !name.startsWith('.'));
    expect(JSON.parse(listed.stdout)).toHaveLength(models.length);
  });

  it('gives the client to those that import it', async () => {
    await writeFile(
      path.join(packed.project, 'main.mjs'),
      "import { createClient } from 'ml-inference-api/client';\nconsole.log(typeof createClient);\n",
    );
    const { stdout } = await packed.shell('node main.mjs');
    expect(stdout.trim()).toBe('function');
  });
});
