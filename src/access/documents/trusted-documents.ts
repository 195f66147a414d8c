import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** What clients may send besides trusted documents. */
export const TRUSTED_DOCUMENTS_MODES = ['only', 'prefer', 'off'] as const;

/**
 * `only`: nothing else, but for the scope `documents:any`; `prefer`: anything; `off`: trusted
 * documents are not looked at.
 */
export type TrustedDocumentsMode = (typeof TRUSTED_DOCUMENTS_MODES)[number];

/** The file that GraphQL Code Generator's client preset writes. */
const USUAL_NAME = 'persisted-documents.json';

/** SHA-256 in hexadecimal digits, with the prefix that GraphQL over HTTP gives it or without. */
const HASH_FORM = /^(?:sha256:)?([0-9a-f]{64})$/i;

/** Largest file of documents, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Raised for a file of documents that cannot be used; the message says why. */
export class TrustedDocumentsError extends Error {
  override readonly name = 'TrustedDocumentsError';
}

/** Reads `sha256:…`; `undefined` for what is no SHA-256. */
export function readDocumentHash(id: string): string | undefined {
  return HASH_FORM.exec(id)?.[1]?.toLowerCase();
}

/** The documents that were known when the clients were built. Immutable. */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #trusted: ReadonlySet<string>;

  /** @param documents text by SHA-256 in hexadecimal digits */
  constructor(documents: Iterable<readonly [string, string]>) {
    this.#texts = new Map(documents);
    this.#trusted = new Set(this.#texts.values());
  }

  /** How many there are. */
  get size(): number {
    return this.#texts.size;
  }

  /** The text of a document by its hash in lower-case digits. */
  find(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  /** Whether the text is that of a trusted document, however it came. */
  has(text: string): boolean {
    return this.#trusted.has(text);
  }

  /**
   * Reads a file, or every JSON file of a folder: objects of hash → document.
   *
   * @throws {TrustedDocumentsError}
   */
  static async read(location: string): Promise<TrustedDocuments> {
    const documents = new Map<string, string>();
    for (const file of await filesOf(location)) {
      for (const [id, text] of Object.entries(await readJson(file))) {
        const hash = readDocumentHash(id);
        if (hash === undefined) {
          throw new TrustedDocumentsError(
            `${path.basename(file)}: keys must be SHA-256 in hexadecimal digits ` +
              "(hashAlgorithm: 'sha256' of the client preset)",
          );
        }
        if (typeof text !== 'string') {
          throw new TrustedDocumentsError(`${path.basename(file)}: a document is not a text`);
        }
        documents.set(hash, text);
      }
    }
    return new TrustedDocuments(documents);
  }
}

async function filesOf(location: string): Promise<readonly string[]> {
  try {
    if (!(await stat(location)).isDirectory()) return [location];
    const names = await readdir(location);
    if (names.includes(USUAL_NAME)) return [path.join(location, USUAL_NAME)];
    const files = names.filter((name) => name.endsWith('.json')).sort();
    if (files.length > 0) return files.map((name) => path.join(location, name));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new TrustedDocumentsError(`it cannot be read (${code})`);
  }
  throw new TrustedDocumentsError('the folder holds no JSON file');
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  const name = path.basename(file);
  if ((await stat(file)).size > MAX_BYTES) throw new TrustedDocumentsError(`${name} is too large`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new TrustedDocumentsError(`${name} is not valid JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TrustedDocumentsError(`${name} must hold an object of hash → document`);
  }
  return value as Record<string, unknown>;
}
