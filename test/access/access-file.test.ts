import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAccessFile, type AccessFile } from '../../src/access/access-file.ts';
import { addKey, readAccessFile, revokeKey } from '../../src/access/access-file-editor.ts';
import { AccessFileWatcher } from '../../src/access/access-file-watcher.ts';
import { createApiKey } from '../../src/access/api-key.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'access-'));
  file = path.join(folder, 'access.yaml');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function written(name: string, scopes = ['predict']) {
  const { id, sha256 } = createApiKey();
  return { id, name, sha256, scopes, created: new Date().toISOString() };
}

describe('reading', () => {
  test('an empty file holds no keys', () => {
    expect(parseAccessFile('')).toEqual({ keys: [] });
    expect(parseAccessFile('# nothing yet\n')).toEqual({ keys: [] });
  });

  test.each([
    ['keys: [', /not valid YAML/],
    ['keys: 7', /keys/],
    ['key: []', /key/],
    ['keys: [{id: short, name: a, sha256: x, scopes: []}]', /keys\[0\]\.id.*sha256/],
    ['keys:\n- &a {id: abcdefghijkl}\n- *a\n', /aliases|keys/],
  ])('refuses %j', (text, reason) => {
    expect(() => parseAccessFile(text)).toThrow(reason);
  });

  test('never repeats what somebody took for a key', () => {
    const { key } = createApiKey();
    for (const text of [`keys: [${key}`, `keys: ${key}`, `${key}: 1`, `keys: [{id: ${key}}]`]) {
      let message = '';
      try {
        parseAccessFile(text);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).not.toBe('');
      expect(message).not.toContain(key.slice(-43));
    }
  });

  test('refuses an id that is there twice', () => {
    const key = `{id: abcdefghijkl, name: a, sha256: ${'0'.repeat(64)}, scopes: [predict]}`;
    expect(() =>
      parseAccessFile(
        `keys: [${key.replace('sha256: ', "sha256: '").replace(', scopes', "', scopes")}, ${key.replace('sha256: ', "sha256: '").replace(', scopes', "', scopes")}]`,
      ),
    ).toThrow(/twice/);
  });
});

describe('writing', () => {
  test('keeps comments, mode 0600 and what a link points to', async () => {
    const target = path.join(folder, 'real.yaml');
    await writeFile(target, '# ours\nkeys: []\n');
    await chmod(target, 0o644);
    await symlink(target, file);
    await addKey(file, written('web'));
    expect(await readFile(target, 'utf8')).toMatch(/^# ours\n/);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect((await readAccessFile(file))?.keys.map(({ name }) => name)).toEqual(['web']);
  });

  test('loses no key when several commands write at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => addKey(file, written(`key ${i}`))));
    expect((await readAccessFile(file))?.keys).toHaveLength(12);
  });

  test('revokes a key once, and keeps it', async () => {
    const key = written('web');
    await addKey(file, key);
    expect(await revokeKey(file, key.id, new Date())).toBe(true);
    expect(await revokeKey(file, key.id, new Date())).toBe(false);
    expect((await readAccessFile(file))?.keys[0]?.revoked).toBeInstanceOf(Date);
  });

  test('does not touch a file that cannot be parsed', async () => {
    await writeFile(file, 'keys: {');
    await expect(addKey(file, written('web'))).rejects.toThrow(/YAML/);
    expect(await readFile(file, 'utf8')).toBe('keys: {');
  });
});

describe('following', () => {
  /** Waits for the next thing that a watcher tells. */
  function follow() {
    const told: (AccessFile | undefined | string)[] = [];
    let wake: (() => void) | undefined;
    const tell = (what: AccessFile | undefined | string): void => {
      told.push(what);
      wake?.();
    };
    const watcher = new AccessFileWatcher({ file, onChange: tell, onProblem: tell });
    const next = async (): Promise<AccessFile | undefined | string> => {
      if (told.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return told.shift();
    };
    return { watcher, next };
  }

  test('tells of changes, keeps quiet about a broken file after one warning, and sees removal', async () => {
    await addKey(file, written('one'));
    const { watcher, next } = follow();
    try {
      await watcher.start();
      expect(await next()).toMatchObject({ keys: [{ name: 'one' }] });
      await addKey(file, written('two'));
      expect(await next()).toMatchObject({ keys: [{ name: 'one' }, { name: 'two' }] });
      await writeFile(file, 'keys: [');
      expect(await next()).toMatch(/not valid YAML/);
      await writeFile(file, 'keys: []');
      expect(await next()).toEqual({ keys: [] });
      await rm(file);
      expect(await next()).toBeUndefined();
    } finally {
      watcher.close();
    }
  });

  test('does not start with a file that cannot be parsed', async () => {
    await writeFile(file, 'keys: 7');
    await expect(follow().watcher.start()).rejects.toThrow(/keys/);
  });
});
