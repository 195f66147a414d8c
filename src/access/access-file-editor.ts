import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { AccessFileError, parseAccessFile, type AccessFile } from './access-file.ts';

/** Time after which a lock is taken for that of a process that has died, in milliseconds. */
const STALE_LOCK_MS = 10_000;

/** Time that another editor may take, in milliseconds. */
const LOCK_WAIT_MS = 5_000;

const LOCK_POLL_MS = 20;

/** A key as it is written: times as ISO 8601, the rate as text. */
export interface WrittenKey {
  readonly id: string;
  readonly name: string;
  readonly sha256: string;
  readonly scopes: readonly string[];
  readonly models?: readonly string[];
  readonly rate?: string;
  readonly weight?: number;
  readonly created: string;
  readonly expires?: string;
}

/**
 * Reads an access file; `undefined` where there is none.
 *
 * @throws {AccessFileError} when it cannot be parsed
 */
export async function readAccessFile(file: string): Promise<AccessFile | undefined> {
  const text = await readText(file);
  return text === undefined ? undefined : parseAccessFile(text);
}

/** Adds a key at the end; makes the file where there is none. Comments of the file stay. */
export function addKey(file: string, key: WrittenKey): Promise<void> {
  return edit(file, (document) => {
    const keys: unknown = document.get('keys');
    const node = document.createNode(key);
    if (isSeq(keys)) keys.add(node);
    else document.set('keys', document.createNode([key]));
  });
}

/**
 * Marks a key as revoked; it stays in the file, so that its name is known.
 *
 * @returns whether there is such a key that was not revoked
 */
export async function revokeKey(file: string, id: string, at: Date): Promise<boolean> {
  let found = false;
  await edit(file, (document) => {
    const keys: unknown = document.get('keys');
    if (!isSeq(keys)) return;
    for (const item of keys.items) {
      if (!isMap(item)) continue;
      const key: YAMLMap = item;
      if (key.get('id') !== id || key.has('revoked')) continue;
      key.set('revoked', at.toISOString());
      found = true;
    }
  });
  return found;
}

/** Changes a file as a whole: readers see the old one or the new one, never a part. */
async function edit(given: string, change: (document: Document) => void): Promise<void> {
  // A link stays a link; what it points to is replaced.
  const file = await realpath(given).catch(() => path.resolve(given));
  const unlock = await lock(`${file}.lock`);
  try {
    const text = await readText(file);
    if (text !== undefined) parseAccessFile(text);
    const document = text === undefined ? new Document({}) : parseDocument(text);
    document.contents ??= document.createNode({});
    change(document);
    const written = document.toString({ lineWidth: 0 });
    parseAccessFile(written);
    await replace(file, written);
  } finally {
    await unlock();
  }
}

async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Two commands at once must not lose each other's key. */
async function lock(name: string): Promise<() => Promise<void>> {
  const started = performance.now();
  for (;;) {
    try {
      await (await open(name, 'wx', 0o600)).close();
      return () => rm(name, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = await stat(name).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_LOCK_MS) await rm(name, { force: true });
    else if (performance.now() - started > LOCK_WAIT_MS) {
      throw new AccessFileError('another command is changing the access file; try again');
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
