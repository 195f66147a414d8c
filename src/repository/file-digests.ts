import { createHash } from 'node:crypto';
import { createReadStream, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { LRUCache } from 'lru-cache';

/** Most files whose digests are remembered. */
const MOST_FILES = 10_000;

/**
 * Ages up to which a file may be changed again within the same time stamp, in milliseconds: of file
 * systems that count ticks of the clock, and of those whose stamps are whole seconds.
 */
const TICK_MS = 50;
const WHOLE_SECONDS_MS = 2_000;

/**
 * SHA-256 of files. One whose device, inode, size and times of change are those of last time is not
 * read again: weights can be many gigabytes.
 */
export class FileDigests {
  readonly #known = new LRUCache<string, { readonly stamp: string; readonly digest: string }>({
    max: MOST_FILES,
  });

  /**
   * Digest of a file's content, in hexadecimal.
   *
   * @throws {Error} when it cannot be read
   */
  async of(file: string): Promise<string> {
    const before = await stat(file, { bigint: true });
    const stamp = stampOf(before);
    const known = this.#known.get(file);
    if (known?.stamp === stamp) return known.digest;
    const hash = createHash('sha256');
    // Weights can be larger than memory: they pass through in pieces.
    await pipeline(createReadStream(file), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) hash.update(piece);
    });
    const digest = hash.digest('hex');
    const after = await stat(file, { bigint: true });
    if (stampOf(after) === stamp && isSettled(before)) this.#known.set(file, { stamp, digest });
    return digest;
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

/** Whether a change from now on would show in the times of the file. */
function isSettled({ mtimeNs, ctimeNs }: BigIntStats): boolean {
  const isWhole = ctimeNs % 1_000_000_000n === 0n;
  const latest = Number((ctimeNs > mtimeNs ? ctimeNs : mtimeNs) / 1_000_000n);
  return Date.now() - latest > (isWhole ? WHOLE_SECONDS_MS : TICK_MS);
}
