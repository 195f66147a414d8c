import { readFile, stat } from 'node:fs/promises';
import { AccessFileError, MAX_ACCESS_FILE_BYTES, parseAccessFile } from './access-file.ts';
import type { AccessFile } from './access-file.ts';

/** Time between two looks, in milliseconds: a change counts within a second. */
const POLL_MS = 250;

/** Options of {@link AccessFileWatcher}. */
export interface AccessFileWatcherOptions {
  readonly file: string;
  /** Told of what the file says, at the start and when it changes; `undefined` where it is gone. */
  readonly onChange: (file: AccessFile | undefined) => void;
  /** Told why a changed file is not taken; the last good one goes on. */
  readonly onProblem: (reason: string) => void;
}

/**
 * Follows an access file. It looks instead of listening, since events are lost on network drives
 * and where Kubernetes swaps the links of a mounted secret.
 */
export class AccessFileWatcher {
  readonly #options: AccessFileWatcherOptions;
  #seen: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: AccessFileWatcherOptions) {
    this.#options = options;
  }

  /**
   * Reads the file and follows it from now on.
   *
   * @throws {AccessFileError} when it is there and cannot be read or parsed
   */
  async start(): Promise<void> {
    const [mark, file] = await this.#read();
    this.#seen = mark;
    this.#options.onChange(file);
    this.#plan();
  }

  /** Stops following. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #plan(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#look(), POLL_MS).unref();
  }

  async #look(): Promise<void> {
    try {
      if ((await markOf(this.#options.file)) !== this.#seen) {
        const [mark, file] = await this.#read();
        this.#seen = mark;
        if (!this.#closed) this.#options.onChange(file);
      }
    } catch (error) {
      if (!(error instanceof AccessFileError)) throw error;
      // Said once for each state of the file.
      const mark = await markOf(this.#options.file).catch(() => 'unreadable');
      if (mark !== this.#seen && !this.#closed) this.#options.onProblem(error.message);
      this.#seen = mark;
    } finally {
      this.#plan();
    }
  }

  /** Reads the file with a mark of its state; one that changes meanwhile is read again later. */
  async #read(): Promise<[mark: string, file: AccessFile | undefined]> {
    const { file } = this.#options;
    const mark = await markOf(file);
    if (mark === '') return [mark, undefined];
    try {
      const { size } = await stat(file);
      if (size > MAX_ACCESS_FILE_BYTES) throw new AccessFileError('it is too large');
      return [mark, parseAccessFile(await readFile(file, 'utf8'))];
    } catch (error) {
      throw toAccessFileError(error);
    }
  }
}

/** Names the state of a file: empty where there is none. */
async function markOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw toAccessFileError(error);
  }
}

function toAccessFileError(error: unknown): AccessFileError {
  if (error instanceof AccessFileError) return error;
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new AccessFileError(`it cannot be read (${code})`);
}
