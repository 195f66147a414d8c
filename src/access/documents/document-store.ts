import { hash } from 'node:crypto';
import { badInput, ServiceError } from '../../errors.ts';
import type { PersistedQueries } from './persisted-queries.ts';
import {
  readDocumentHash,
  type TrustedDocuments,
  type TrustedDocumentsMode,
} from './trusted-documents.ts';

/** How an operation names its document. */
export interface DocumentRequest {
  /** The document itself; empty or left out where it is named. */
  readonly query?: string | undefined;
  /** `sha256:…` of a trusted document. */
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/** Options of {@link DocumentStore}. */
export interface DocumentStoreOptions {
  readonly mode: TrustedDocumentsMode;
  readonly persisted: PersistedQueries;
  /** Longest document that is kept, in characters. */
  readonly maxCharacters: number;
}

/** Finds the document that an operation names, and decides which ones are allowed. */
export class DocumentStore {
  readonly #options: DocumentStoreOptions;
  #trusted: TrustedDocuments | undefined;

  constructor(options: DocumentStoreOptions) {
    this.#options = options;
  }

  /** Takes the trusted documents; ignored with mode `off`. */
  trust(trusted: TrustedDocuments): void {
    if (this.#options.mode !== 'off') this.#trusted = trusted;
  }

  /** Whether a document is taken as it is sent, without any look at it. */
  passes({ documentId, extensions }: DocumentRequest): boolean {
    return documentId === undefined && extensions === undefined && !this.#isOnly;
  }

  /** Disconnects. */
  close(): void {
    this.#options.persisted.close();
  }

  get #isOnly(): boolean {
    return this.#options.mode === 'only' && this.#trusted !== undefined;
  }

  /**
   * The text of the document that an operation asks for.
   *
   * @param mayAny whether the caller may send documents that are not trusted
   * @throws {ServiceError} `BAD_USER_INPUT`, `FORBIDDEN`, `PERSISTED_QUERY_NOT_FOUND` or
   *   `PERSISTED_QUERY_NOT_SUPPORTED`
   */
  resolve(request: DocumentRequest, mayAny: () => boolean): string | Promise<string> {
    const query = request.query === '' ? undefined : request.query;
    const apqHash = readApqHash(request.extensions);
    if (request.documentId !== undefined && request.documentId !== null) {
      if (query !== undefined || apqHash !== undefined) {
        throw badInput('Send one of query, documentId and persistedQuery.');
      }
      return this.#byId(request.documentId);
    }
    if (apqHash === undefined) {
      if (query === undefined) throw badInput('The operation has no query.');
      this.#check(query, mayAny);
      return query;
    }
    const trusted = this.#trusted?.find(apqHash);
    if (trusted !== undefined) return trusted;
    if (this.#isOnly && !mayAny()) {
      throw new ServiceError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
    }
    return query === undefined ? this.#byApqHash(apqHash) : this.#register(apqHash, query);
  }

  #byId(id: unknown): string {
    const found = typeof id === 'string' ? readDocumentHash(id) : undefined;
    if (found === undefined) {
      throw badInput('documentId must be "sha256:" and 64 hexadecimal digits.');
    }
    const text = this.#trusted?.find(found);
    if (text !== undefined) return text;
    throw badInput('There is no trusted document of this id.', { documentId: `sha256:${found}` });
  }

  #check(query: string, mayAny: () => boolean): void {
    if (!this.#isOnly || this.#trusted?.has(query) || mayAny()) return;
    throw new ServiceError(
      'FORBIDDEN',
      'Only trusted documents are answered: send a documentId. Others want the scope documents:any.',
      { details: { scope: 'documents:any' } },
    );
  }

  async #byApqHash(apqHash: string): Promise<string> {
    const text = await this.#options.persisted.find(apqHash);
    if (text !== undefined) return text;
    throw new ServiceError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  }

  #register(apqHash: string, query: string): string {
    if (hash('sha256', query) !== apqHash) {
      throw badInput('The provided sha256Hash is not that of the query.');
    }
    if (query.length <= this.#options.maxCharacters) this.#options.persisted.store(apqHash, query);
    return query;
  }
}

/** Apollo's `extensions.persistedQuery`. */
function readApqHash(extensions: unknown): string | undefined {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  const { persistedQuery } = extensions as { persistedQuery?: unknown };
  if (persistedQuery === undefined || persistedQuery === null) return undefined;
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  const found = typeof sha256Hash === 'string' ? readDocumentHash(sha256Hash) : undefined;
  if (version !== 1 || found === undefined) {
    throw badInput('persistedQuery must have version 1 and a sha256Hash of 64 hexadecimal digits.');
  }
  return found;
}
