import { createHash, type Hash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { diskProblem } from './disk-problem.ts';
import type { ByteBudget } from './byte-budget.ts';
import { makeFolder } from './make-folder.ts';
import { type FileDigest, SourceError, type SourceFile } from './source.ts';

/** What a file turned out to be. */
export interface DownloadedFile {
  readonly size: number;
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes a file of a source below a folder, and checks its size and digest. What does not fit is
 * never left under its name.
 *
 * @throws {SourceError} retryable where the content was cut short or damaged on its way
 */
export async function download(
  file: SourceFile,
  directory: string,
  options: {
    readonly signal: AbortSignal;
    readonly budget: ByteBudget;
    onBytes?(bytes: number): void;
  },
): Promise<DownloadedFile> {
  const target = path.join(directory, ...file.path.split('/'));
  await makeFolder(path.dirname(target));
  const partial = `${target}.part`;
  const opened = await file.open(options.signal);
  const wanted = file.digest ?? opened.digest;
  const sha256 = createHash('sha256');
  const other = wanted && wanted.algorithm !== 'sha256' ? otherHash(wanted, file.size) : null;
  const handle = await open(partial, 'w', 0o644);
  let size = 0;
  try {
    for await (const piece of opened.body) {
      size += piece.byteLength;
      if (file.size !== null && size > file.size) {
        throw new SourceError(`${file.path} has more than the ${file.size} bytes that were told`);
      }
      options.budget.take(piece.byteLength);
      sha256.update(piece);
      other?.update(piece);
      await writeAll(handle, piece);
      options.onBytes?.(piece.byteLength);
    }
    if (file.size !== null && size !== file.size) {
      throw new SourceError(`${file.path} ended after ${size} of ${file.size} bytes`, {
        retryable: true,
      });
    }
    const hex = sha256.digest('hex');
    const got = other?.digest('hex') ?? hex;
    if (wanted && got !== wanted.hex) {
      throw new SourceError(
        `${file.path} has another ${NAMES[wanted.algorithm]} digest than was told: it was damaged`,
        { retryable: true },
      );
    }
    await handle.close();
    await rename(partial, target);
    return { size, sha256: hex };
  } catch (error) {
    options.budget.giveBack(size);
    options.onBytes?.(-size);
    await handle.close().catch(() => undefined);
    throw diskProblem(error, file.path);
  }
}

const NAMES = { sha256: 'SHA-256', md5: 'MD5', git: 'Git' } as const;

function otherHash({ algorithm }: FileDigest, size: number | null): Hash | null {
  if (algorithm === 'md5') return createHash('md5');
  // Git puts the length in front, so it must be known.
  return size === null ? null : createHash('sha1').update(`blob ${size}\0`);
}

/** `FileHandle.write` may write less than it is given. */
async function writeAll(
  handle: Awaited<ReturnType<typeof open>>,
  piece: Uint8Array,
): Promise<void> {
  for (let offset = 0; offset < piece.byteLength;) {
    const { bytesWritten } = await handle.write(piece, offset);
    offset += bytesWritten;
  }
}
