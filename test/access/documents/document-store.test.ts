import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DocumentStore } from '../../../src/access/documents/document-store.ts';
import { PersistedQueries } from '../../../src/access/documents/persisted-queries.ts';
import {
  TrustedDocuments,
  type TrustedDocumentsMode,
} from '../../../src/access/documents/trusted-documents.ts';

const known = '{ health { status } }';
const other = '{ models { name } }';
const sha = (text: string) => hash('sha256', text);
const apq = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha(text) } });

function store(mode: TrustedDocumentsMode) {
  const documents = new DocumentStore({
    mode,
    persisted: new PersistedQueries(),
    maxCharacters: 1000,
  });
  documents.trust(new TrustedDocuments([[sha(known), known]]));
  return documents;
}

const nobody = () => false;
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

describe('with trusted documents only', () => {
  test('they are found by their id and by Apollo’s hash', () => {
    const only = store('only');
    for (const documentId of [`sha256:${sha(known)}`, sha(known), sha(known).toUpperCase()]) {
      expect(only.resolve({ query: '', documentId }, nobody)).toBe(known);
    }
    expect(only.resolve({ extensions: apq(known) }, nobody)).toBe(known);
    expect(only.resolve({ query: known }, nobody)).toBe(known);
  });

  test('others want the scope', () => {
    const only = store('only');
    expect(() => only.resolve({ query: other }, nobody)).toThrow(code('FORBIDDEN'));
    expect(only.resolve({ query: other }, () => true)).toBe(other);
    expect(() => only.resolve({ query: other, extensions: apq(other) }, nobody)).toThrow(
      code('PERSISTED_QUERY_NOT_SUPPORTED'),
    );
  });
});

describe.each(['prefer', 'off'] as const)('with mode %s', (mode) => {
  test('anything may be sent, and registered by its hash', async () => {
    const documents = store(mode);
    expect(documents.resolve({ query: other }, nobody)).toBe(other);
    await expect(documents.resolve({ extensions: apq(other) }, nobody)).rejects.toThrow(
      code('PERSISTED_QUERY_NOT_FOUND'),
    );
    expect(documents.resolve({ query: other, extensions: apq(other) }, nobody)).toBe(other);
    expect(await documents.resolve({ extensions: apq(other) }, nobody)).toBe(other);
  });
});

test.each([
  { documentId: 7 },
  { documentId: 'sha256:xyz' },
  { documentId: `sha256:${sha(other)}` },
  { documentId: `sha256:${sha(known)}`, query: other },
  { query: '' },
  {},
  { query: known, extensions: apq(other) },
  { extensions: { persistedQuery: { version: 2, sha256Hash: sha(known) } } },
  { extensions: { persistedQuery: { version: 1, sha256Hash: 7 } } },
  { extensions: { persistedQuery: 'x' } },
])('%j is refused', async (request) => {
  const resolve = async () => store('prefer').resolve(request, nobody);
  await expect(resolve()).rejects.toThrow(code('BAD_USER_INPUT'));
});

describe('files of documents', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'documents-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('are read as the client preset writes them, from a file or its folder', async () => {
    const file = path.join(folder, 'persisted-documents.json');
    await writeFile(file, JSON.stringify({ [sha(known)]: known }));
    for (const location of [file, folder]) {
      expect((await TrustedDocuments.read(location)).find(sha(known))).toBe(known);
    }
  });

  test.each([
    ['{', /not valid JSON/],
    ['[]', /object/],
    ['{"abc": "{ a }"}', /SHA-256/],
    [JSON.stringify({ [sha(known)]: 7 }), /not a text/],
  ])('that hold %s are refused', async (text, reason) => {
    const file = path.join(folder, 'persisted-documents.json');
    await writeFile(file, text);
    await expect(TrustedDocuments.read(file)).rejects.toThrow(reason);
  });

  test('that are missing are refused without telling their path', async () => {
    await expect(TrustedDocuments.read(path.join(folder, 'none.json'))).rejects.toThrow(
      /^it cannot be read \(ENOENT\)$/,
    );
    await expect(TrustedDocuments.read(folder)).rejects.toThrow(/no JSON file/);
  });
});
