import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** Time between two looks at the files, in milliseconds. */
const POLL_MS = 5_000;

/** A certificate with its key, as PEM. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Options of {@link TlsFiles}. */
export interface TlsFilesOptions {
  /** PEM file of the certificate and those that signed it. */
  readonly certFile: string;
  /** PEM file of the private key. */
  readonly keyFile: string;
  /** Told of a renewed certificate. */
  readonly onRenewed: (pair: TlsPair) => void;
  /** Told why a renewed one is not taken; the old one goes on. */
  readonly onProblem: (reason: string) => void;
  /** @default 5000 */
  readonly pollMs?: number;
}

/** Raised for a certificate or key that cannot be used; the message has no path. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError';
}

/** Reads a certificate and its key, and again whenever they are renewed. */
export class TlsFiles {
  readonly #options: TlsFilesOptions;
  #seen = '';
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: TlsFilesOptions) {
    this.#options = options;
  }

  /**
   * Reads the pair and follows its files.
   *
   * @throws {TlsFilesError}
   */
  async start(): Promise<TlsPair> {
    this.#seen = await this.#mark();
    const pair = await this.#read();
    this.#plan();
    return pair;
  }

  /** Stops following. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #plan(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#look(), this.#options.pollMs ?? POLL_MS).unref();
  }

  async #look(): Promise<void> {
    try {
      const mark = await this.#mark();
      if (mark !== this.#seen) {
        // A pair of which only one part has been written yet does not fit; it is looked at again.
        const pair = await this.#read();
        this.#seen = mark;
        if (!this.#closed) this.#options.onRenewed(pair);
      }
    } catch (error) {
      if (!this.#closed) this.#options.onProblem((error as Error).message);
    } finally {
      this.#plan();
    }
  }

  async #read(): Promise<TlsPair> {
    const { certFile, keyFile } = this.#options;
    try {
      const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
      createSecureContext({ cert, key });
      return { cert, key };
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      throw new TlsFilesError(
        syscall === undefined
          ? 'TLS_CERT_FILE and TLS_KEY_FILE are no PEM certificate with its key.'
          : `TLS_CERT_FILE or TLS_KEY_FILE cannot be read (${code ?? 'error'}).`,
      );
    }
  }

  async #mark(): Promise<string> {
    const { certFile, keyFile } = this.#options;
    const marks = await Promise.all(
      [certFile, keyFile].map(async (file) => {
        try {
          const { ino, size, mtimeMs } = await stat(file);
          return [ino, size, mtimeMs].join();
        } catch {
          return 'missing';
        }
      }),
    );
    return marks.join(';');
  }
}
