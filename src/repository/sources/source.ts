import type { ByteBudget } from './byte-budget.ts';

/** A digest that a source tells of a file. `git` is the SHA-1 that Git gives a blob. */
export interface FileDigest {
  readonly algorithm: 'sha256' | 'md5' | 'git';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}

/** The content of a file on its way here. */
export interface OpenedFile {
  readonly body: AsyncIterable<Uint8Array>;
  /** Digest that came with the content, where the listing had none. */
  readonly digest?: FileDigest | undefined;
  /** Bytes that the answer announces; `undefined` where it does not. */
  readonly size?: number | undefined;
}

/** One file of a model, where it lives. */
export interface SourceFile {
  /** Relative to the model's folder, with `/`. */
  readonly path: string;
  /** Bytes; `null` where the source does not tell. */
  readonly size: number | null;
  /** Changes whenever the content does: an ETag, an object id, a time. */
  readonly tag: string;
  readonly digest?: FileDigest | undefined;
  /** A file of this machine that may be moved instead of read. */
  readonly movable?: string;
  /**
   * Begins to read the file.
   *
   * @throws {SourceError} when the source does not give it
   */
  open(signal: AbortSignal): Promise<OpenedFile>;
}

/** A model where it lives. */
export interface SourceModel {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

/** A model of a source that cannot be taken, and why. */
export interface RefusedModel {
  readonly name: string;
  readonly problem: string;
}

/** What a source holds. */
export interface SourceListing {
  readonly models: readonly SourceModel[];
  readonly refused: readonly RefusedModel[];
  /** Tells the state of a source that is fetched as a whole, to be compared at the next look. */
  readonly state?: string;
}

/** A place that models come from. */
export interface ModelSource {
  /** Address without credentials, for logs, health and the index of what was fetched. */
  readonly label: string;
  /**
   * Looks at what there is.
   *
   * @param options.state of the last listing; a source that is as it was then may answer `unchanged`
   * @param options.scratch an empty folder that may be filled, removed by the caller
   * @throws {SourceError} when the source is away, refuses, or holds something that is not allowed
   */
  list(options: {
    readonly signal: AbortSignal;
    readonly scratch: string;
    readonly state: string | undefined;
    /** What may be written to the scratch folder. */
    readonly budget: ByteBudget;
  }): Promise<SourceListing | 'unchanged'>;
}

/** Why a source, or a file of it, could not be taken. The message has no credentials. */
export class SourceError extends Error {
  /** Whether the same request may succeed in a moment. */
  readonly retryable: boolean;
  /** Wait that the source asks for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SourceError';
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
