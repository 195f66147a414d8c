import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';

/** Time between two looks, in milliseconds. */
const POLL_MS = 1_000;

/** Time before the end of a certificate from which on the log warns, in milliseconds: two weeks. */
const WARN_MS = 14 * 24 * 3600 * 1000;

/** Certificate chain and private key, both PEM. */
export interface CertificateFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Raised for files that cannot be used; the message says why, without anything secret. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** Options of {@link Certificate}. */
export interface CertificateOptions {
  /** PEM file of the certificate and its chain. */
  readonly certFile: string;
  /** PEM file of its private key. */
  readonly keyFile: string;
  readonly logger: Logger;
}

/**
 * The certificate of the server. It looks for renewed files instead of listening, since events are
 * lost where Kubernetes swaps the links of a mounted secret; until both fit, the last ones count.
 */
export class Certificate {
  readonly #options: CertificateOptions;
  readonly #listeners: ((files: CertificateFiles) => void)[] = [];
  #files: CertificateFiles | undefined;
  #seen = '';
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: CertificateOptions) {
    this.#options = options;
  }

  /**
   * Reads the files and follows them from now on.
   *
   * @throws {CertificateError} when they cannot be read or do not fit
   */
  async start(): Promise<void> {
    this.#seen = await this.#mark();
    this.#take(await this.#read(), 'certificate loaded');
    this.#plan();
  }

  /** Tells of the files that count, from the first ones on. */
  onFiles(listener: (files: CertificateFiles) => void): void {
    this.#listeners.push(listener);
    if (this.#files) listener(this.#files);
  }

  /** Stops following. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #plan(): void {
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#look(), POLL_MS).unref();
  }

  async #look(): Promise<void> {
    const mark = await this.#mark();
    try {
      if (mark !== this.#seen) {
        this.#seen = mark;
        const files = await this.#read();
        if (this.#isClosed) return;
        this.#take(files, 'certificate renewed');
      }
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      this.#options.logger.warn(
        { reason: error.message },
        'the files of the certificate cannot be used; the last good ones count',
      );
    } finally {
      this.#plan();
    }
  }

  #take(files: CertificateFiles, message: string): void {
    this.#files = files;
    const { logger } = this.#options;
    const { subjectAltName: names, validTo } = new X509Certificate(files.cert);
    const facts = { names, validTo };
    logger.info(facts, message);
    for (const listener of this.#listeners) listener(files);
    if (Date.parse(validTo) - Date.now() < WARN_MS) logger.warn(facts, 'the certificate ends soon');
  }

  async #read(): Promise<CertificateFiles> {
    const { certFile, keyFile } = this.#options;
    const [cert, key] = await Promise.all([
      readPem(certFile, 'TLS_CERT_FILE'),
      readPem(keyFile, 'TLS_KEY_FILE'),
    ]);
    try {
      createSecureContext({ cert, key });
      new X509Certificate(cert);
    } catch (error) {
      // OpenSSL's words name neither file nor content.
      const { message } = error as Error;
      throw new CertificateError(
        `TLS_CERT_FILE and TLS_KEY_FILE must be a PEM certificate and its private key (${message})`,
      );
    }
    return { cert, key };
  }

  async #mark(): Promise<string> {
    const { certFile, keyFile } = this.#options;
    const marks = await Promise.all([certFile, keyFile].map((file) => markOf(file)));
    return marks.join(' ');
  }
}

async function readPem(file: string, setting: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CertificateError(`${setting} cannot be read (${code})`);
  }
}

/** Names the state of a file. */
async function markOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join();
  } catch {
    return 'gone';
  }
}
