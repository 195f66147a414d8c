import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { ByteBudget } from './byte-budget.ts';
import { diskProblem } from './disk-problem.ts';
import { FREE_EXPANSION_BYTES, MAX_EXPANSION, MAX_OBJECTS } from './limits.ts';
import { makeFolder } from './make-folder.ts';
import { isHidden, pathProblem } from './safe-path.ts';
import { SourceError } from './source.ts';

/** A file out of an archive. */
export interface ExtractedFile {
  /** Within the archive, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Entries that hold nothing of their own. */
const PASSED_OVER = new Set(['Directory', 'GNUDumpDir']);

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);

/**
 * Unpacks a `.tar.gz` into an empty folder. Only plain files come out of it, all below the folder;
 * an archive with anything else (links, devices, names that climb) is refused as a whole.
 *
 * @param body the compressed bytes
 * @param options.label name of the archive, for messages
 * @throws {SourceError} saying what is wrong with the archive
 */
export async function extractArchive(
  body: AsyncIterable<Uint8Array>,
  directory: string,
  options: { readonly label: string; readonly budget: ByteBudget },
): Promise<ExtractedFile[]> {
  const { label, budget } = options;
  const files: ExtractedFile[] = [];
  const parser = new Parser({ strict: true, maxDecompressionRatio: Infinity });
  let failure: unknown;
  let entries = 0;
  const state: Extraction = { handles: new Set(), isGivenUp: false };
  let writing: Promise<void> = Promise.resolve();
  const fail = (error: unknown): void => {
    failure ??= error;
  };
  parser.on('error', (error: unknown) => fail(damaged(label, error)));
  parser.on('entry', (entry: ReadEntry) => {
    entries++;
    const name = entry.path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
    const problem = failure === undefined ? entryProblem(entry, name, entries) : null;
    if (problem !== null) fail(new SourceError(`${label}: ${problem}`));
    if (failure !== undefined || PASSED_OVER.has(entry.type) || name === '' || isHidden(name)) {
      entry.resume();
      return;
    }
    writing = writing
      .then(() => writeEntry(entry, path.join(directory, ...name.split('/')), budget, state))
      .then((file) => void files.push({ path: name, ...file }))
      .catch((error: unknown) => {
        fail(diskProblem(error, `${label}: ${name}`));
        entry.resume();
      });
  });

  let packed = 0;
  let unpacked = 0;
  const counted = (async function* () {
    for await (const piece of body) {
      packed += piece.byteLength;
      yield piece;
    }
  })();
  const gunzip = createGunzip();
  const source = Readable.from(counted);
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const piece of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      unpacked += piece.byteLength;
      if (unpacked > FREE_EXPANSION_BYTES && unpacked > packed * MAX_EXPANSION) {
        throw new SourceError(`${label} expands more than ${MAX_EXPANSION} times`);
      }
      if (!parser.write(piece) && failure === undefined) await drained(parser, () => failure);
      if (failure !== undefined) break;
    }
    if (failure === undefined) {
      const ended = new Promise<void>((resolve) => {
        parser.on('end', resolve);
        parser.on('error', () => resolve());
      });
      parser.end();
      await ended;
      await writing;
    }
  } catch (error) {
    fail(error instanceof SourceError ? error : damaged(label, error));
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (failure !== undefined) {
    // The rest of an entry never comes: what waits for it is left, its file is closed.
    state.isGivenUp = true;
    await Promise.all(Array.from(state.handles, (handle) => handle.close()));
    throw failure instanceof Error ? failure : new SourceError(`${label} cannot be unpacked`);
  }
  return files;
}

function entryProblem(entry: ReadEntry, name: string, entries: number): string | null {
  if (entries > MAX_OBJECTS) return `it has more than ${MAX_OBJECTS} entries`;
  if (entry.path.startsWith('/')) return `${JSON.stringify(name)} is an absolute path`;
  const problem = name === '' ? null : pathProblem(name);
  if (problem !== null) return problem;
  if (FILES.has(entry.type) || PASSED_OVER.has(entry.type)) return null;
  const isLink = entry.type === 'SymbolicLink' || entry.type === 'Link';
  return isLink
    ? `${JSON.stringify(name)} is a link; pack the files themselves (tar --dereference)`
    : `${JSON.stringify(name)} is neither a file nor a folder`;
}

/** What must be closed when an archive is given up. */
interface Extraction {
  readonly handles: Set<FileHandle>;
  isGivenUp: boolean;
}

async function writeEntry(
  entry: ReadEntry,
  target: string,
  budget: ByteBudget,
  state: Extraction,
): Promise<{ readonly size: number; readonly sha256: string }> {
  await makeFolder(path.dirname(target));
  const sha256 = createHash('sha256');
  // An archive may name a file twice; which is meant cannot be known.
  const handle = await open(target, 'wx', 0o644).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new SourceError(`${JSON.stringify(entry.path)} is in the archive twice`);
  });
  state.handles.add(handle);
  let size = 0;
  try {
    if (state.isGivenUp) throw new SourceError('given up');
    for await (const piece of entry as AsyncIterable<Buffer>) {
      budget.take(piece.byteLength);
      size += piece.byteLength;
      sha256.update(piece);
      await handle.writeFile(piece);
    }
  } finally {
    if (state.handles.delete(handle)) await handle.close();
  }
  return { size, sha256: sha256.digest('hex') };
}

/** Waits until a parser takes more, or has failed. */
function drained(parser: Parser, failure: () => unknown): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      parser.off('drain', done);
      parser.off('error', done);
      clearInterval(check);
      resolve();
    };
    // A failure of the disk is no event of the parser.
    const check = setInterval(() => {
      if (failure() !== undefined) done();
    }, 50);
    parser.on('drain', done);
    parser.on('error', done);
  });
}

function damaged(label: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const what = code === 'Z_DATA_ERROR' ? 'is not a .tar.gz archive, or is damaged' : 'is damaged';
  return new SourceError(`${label} ${what}`, { cause: error });
}
