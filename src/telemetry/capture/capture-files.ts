import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Bounds of {@link CaptureFiles}. */
export interface CaptureFilesOptions {
  /** Folder of the files; made when the first is. */
  readonly directory: string;
  /** Size from which a model gets a new file, in bytes. */
  readonly fileBytes: number;
  /** Age from which it does, in milliseconds. */
  readonly fileMs: number;
  /** Most bytes of all files together, those of earlier starts and of other replicas too. */
  readonly maxBytes: number;
  /** Tells the time of names, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** A file that is there. */
interface KnownFile {
  readonly file: string;
  readonly name: string;
  readonly bytes: number;
}

/** The file that a model's records go to now. */
interface CurrentFile {
  readonly file: string;
  bytes: number;
  /** By a clock that never jumps. */
  readonly begun: number;
}

const NAME = /^(\d{13})-[\da-f]{8}\.jsonl$/;

/**
 * Files of JSON lines, `<model>/<milliseconds>-<replica>.jsonl`, each with whole lines only. Names
 * ascend even where the clock is set back, so that the oldest file is always the first.
 */
export class CaptureFiles {
  readonly #options: CaptureFilesOptions;
  readonly #now: () => number;
  readonly #replica = randomUUID().slice(0, 8);
  readonly #current = new Map<string, CurrentFile>();
  /** All files, the oldest first; sizes of other replicas' are those of the last look. */
  #known: KnownFile[] = [];
  #lastTime = 0;

  constructor(options: CaptureFilesOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Bytes of all files as far as they are known. */
  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#known) sum += bytes;
    for (const { bytes } of this.#current.values()) sum += bytes;
    return sum;
  }

  /** Bytes of lines that may be appended at once, so that the bounds hold. */
  get lineBytes(): number {
    return Math.max(1, Math.floor(this.#options.maxBytes / 4));
  }

  /**
   * Appends lines to the file of a model. A failure leaves no part of a line behind.
   *
   * @throws {Error} of the file system
   */
  async append(model: string, lines: Buffer): Promise<void> {
    const current = await this.#fileFor(model, lines.length);
    await this.#makeRoom(model, lines.length);
    try {
      await appendWhole(current.file, current.bytes, lines);
      current.bytes += lines.length;
    } catch (thrown) {
      // Whatever has become of the file: the next lines go to another.
      this.#retire(model);
      throw thrown;
    }
  }

  async #fileFor(model: string, bytes: number): Promise<CurrentFile> {
    const { fileBytes, fileMs } = this.#options;
    const limit = Math.min(fileBytes, this.lineBytes);
    const current = this.#current.get(model);
    const isRoomy =
      current !== undefined &&
      (current.bytes === 0 || current.bytes + bytes <= limit) &&
      performance.now() - current.begun < fileMs;
    if (isRoomy) return current;
    if (current) this.#retire(model);
    await this.#look();
    this.#lastTime = Math.max(this.#lastTime + 1, Math.floor(this.#now()));
    const name = `${String(this.#lastTime).padStart(13, '0')}-${this.#replica}.jsonl`;
    const folder = path.join(this.#options.directory, model);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const begun = { file: path.join(folder, name), bytes: 0, begun: performance.now() };
    this.#current.set(model, begun);
    return begun;
  }

  #retire(model: string): void {
    const current = this.#current.get(model);
    this.#current.delete(model);
    if (!current || current.bytes === 0) return;
    const { file, bytes } = current;
    this.#known.push({ file, name: path.basename(file), bytes });
  }

  /** Deletes the oldest files; of those that are written to now, only others than this model's. */
  async #makeRoom(model: string, bytes: number): Promise<void> {
    let excess = this.bytes + bytes - this.#options.maxBytes;
    while (excess > 0) {
      const oldest = this.#known.shift();
      if (oldest) {
        await rm(oldest.file, { force: true });
        excess -= oldest.bytes;
        continue;
      }
      const other = Array.from(this.#current.keys()).find((each) => each !== model);
      if (other === undefined) return;
      this.#retire(other);
    }
  }

  /** Takes stock of the folder: of what was there before, and what other replicas have written. */
  async #look(): Promise<void> {
    const { directory } = this.#options;
    const own = new Set(Array.from(this.#current.values(), ({ file }) => file));
    const found: KnownFile[] = [];
    const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(
      (thrown: unknown) => {
        if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw thrown;
      },
    );
    for (const entry of entries) {
      const time = NAME.exec(entry.name)?.[1];
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isFile() || time === undefined || own.has(file)) continue;
      const size = await stat(file).then(
        (known) => known.size,
        () => null,
      );
      if (size === null) continue;
      this.#lastTime = Math.max(this.#lastTime, Number(time));
      found.push({ file, name: entry.name, bytes: size });
    }
    this.#known = found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** @param before bytes of the file, which it has again where the lines cannot be written as a whole */
async function appendWhole(file: string, before: number, lines: Buffer): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.writeFile(lines);
  } catch (thrown) {
    await handle.truncate(before).catch(() => undefined);
    throw thrown;
  } finally {
    await handle.close();
  }
}
