import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guidePages } from '../../../src/server/pages/guide-pages.ts';
import { TEST_CALL } from '../../support/test-call.ts';

describe('the pages of the guide', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'guide-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const write = async (name: string, content: string): Promise<void> => {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };

  it('are none where it has not been built', () => {
    expect(guidePages(path.join(directory, 'missing')).size).toBe(0);
    expect(guidePages(directory).size).toBe(0);
  });

  it('stand at their names, with and without their ending', async () => {
    await write('index.html', 'first');
    await write('limits.html', 'limits');
    await write('assets/chunks/theme.abc.js', 'theme');
    expect([...guidePages(directory).keys()].sort()).toEqual([
      '/guide',
      '/guide/',
      '/guide/assets/chunks/theme.abc.js',
      '/guide/index',
      '/guide/index.html',
      '/guide/limits',
      '/guide/limits.html',
    ]);
  });

  it('run the scripts that they were built with, and no other', async () => {
    const script = "document.documentElement.classList.add('dark')";
    await write(
      'index.html',
      `<script id="a">${script}</script><script src="/guide/b.js"></script>`,
    );
    const page = await guidePages(directory).get('/guide')?.(TEST_CALL);
    const digest = createHash('sha256').update(script).digest('base64');
    const [policy] = /script-src [^;]+/.exec(page?.headers['Content-Security-Policy'] ?? '') ?? [];
    expect(policy).toBe(`script-src 'self' 'sha256-${digest}'`);
  });

  it('lets browsers keep what has the hash of its content in its name', async () => {
    await write('index.html', '');
    await write('hashmap.json', '{}');
    await write('assets/style.abc.css', 'a{}');
    const pages = guidePages(directory);
    const kept = async (name: string) =>
      (await pages.get(`/guide/${name}`)?.(TEST_CALL))?.headers['Cache-Control'];
    expect(await kept('assets/style.abc.css')).toContain('immutable');
    expect(await kept('hashmap.json')).toBe('no-cache');
  });
});
