import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileDigests } from './file-digests.ts';
import { ManifestError } from './manifest.ts';

/** Engines that open files. */
export type WorkerEngineName = 'tfjs' | 'onnx';

/** What an engine opens. */
export interface ModelEntry {
  readonly engine: WorkerEngineName;
  /** Path relative to the version's folder, with `/`. */
  readonly file: string;
  /** Whether the engine opens the folder of the file instead. */
  readonly folder: boolean;
}

/** Files that an engine opens, in order of preference. */
export const ENTRIES: readonly ModelEntry[] = [
  { file: 'model.onnx', engine: 'onnx', folder: false },
  { file: 'onnx/model.onnx', engine: 'onnx', folder: false },
  { file: 'model.json', engine: 'tfjs', folder: false },
  { file: 'saved_model.pb', engine: 'tfjs', folder: true },
];

/** Files that change nothing about the answers, and so are no part of the digest. */
const UNRELATED =
  /(?:^|\/)(?:\.[^/]*|model\.yaml|profile\.json|README[^/]*|LICENSE[^/]*|.*\.(?:md|py|ts|ipynb))$/i;

/**
 * Picks the file that holds the model: the one that the manifest names, else the first of
 * {@link ENTRIES}, else the only `.onnx` file.
 *
 * @param files of the version, relative, with `/`
 * @returns `null` when there is none
 */
export function findEntry(
  files: readonly string[],
  wanted: { readonly file?: string | undefined; readonly runtime?: WorkerEngineName | undefined },
): ModelEntry | null {
  const { file, runtime } = wanted;
  if (file !== undefined) {
    if (!files.includes(file)) return null;
    const engine = engineOf(file);
    if (runtime !== undefined && runtime !== engine) return null;
    return { file, engine, folder: file.endsWith('.pb') };
  }
  const known = ENTRIES.find(
    (entry) => files.includes(entry.file) && (runtime ?? entry.engine) === entry.engine,
  );
  if (known) return known;
  const models = files.filter((name) => name.endsWith('.onnx') && !name.includes('/'));
  const [only] = models;
  if (only === undefined || models.length > 1 || runtime === 'tfjs') return null;
  return { file: only, engine: 'onnx', folder: false };
}

function engineOf(file: string): WorkerEngineName {
  if (file.endsWith('.onnx') || file.endsWith('.ort')) return 'onnx';
  if (file.endsWith('.json') || file.endsWith('.pb')) return 'tfjs';
  throw new ManifestError(`model.yaml, file: "${file}" must end in .onnx, .ort, .json or .pb`);
}

/** Names of all files in a folder and below, relative, with `/`, sorted. */
export async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .map((name) => name.replaceAll(path.sep, '/'))
    .sort();
}

/**
 * Digest of what the answers depend on.
 *
 * @param settings anything that survives JSON: encoding, labels, options
 * @param files paths by the name that goes into the digest; read in that order
 */
export async function digestOf(
  settings: unknown,
  files: ReadonlyMap<string, string>,
  digests: FileDigests,
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(settings));
  for (const [name, file] of files) {
    if (UNRELATED.test(name) || !(await stat(file)).isFile()) continue;
    hash.update(`\0${name}\0${await digests.of(file)}`);
  }
  return hash.digest('hex');
}
