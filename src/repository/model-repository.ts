import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { ManifestError, parseManifest, type Manifest } from './manifest.ts';

/** A version of a model on disk. */
export interface VersionFolder {
  /** Name of the folder, usually a number. */
  readonly version: string;
  readonly directory: string;
  readonly engine: 'tfjs' | 'onnx';
  /** File or folder that the engine opens. */
  readonly entry: string;
  /** Lines of `labels.txt` of the version or the model, or of the file that the manifest names. */
  readonly labels: readonly string[] | null;
  /** SHA-256 over manifest and files: two versions of one digest give the same answers. */
  readonly digest: string;
}

/** A version that cannot be used, and why. */
export interface BrokenVersion {
  readonly version: string;
  readonly problem: string;
}

/** A model of the repository as its folder describes it. */
export interface ModelFolder {
  readonly name: string;
  readonly directory: string;
  /** `null` when `model.yaml` is unusable; then `problem` says why. */
  readonly manifest: Manifest | null;
  readonly problem: string | null;
  /** Usable versions, oldest first. */
  readonly versions: readonly VersionFolder[];
  readonly broken: readonly BrokenVersion[];
}

/** Files that an engine opens, in order of preference. */
const ENTRIES = [
  { file: 'model.onnx', engine: 'onnx', folder: false },
  { file: 'model.json', engine: 'tfjs', folder: false },
  { file: 'saved_model.pb', engine: 'tfjs', folder: true },
] as const;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Orders versions: numbers by value, after them names alphabetically. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Reads a folder of models. Never writes; a broken model is described, not thrown. */
export class ModelRepository {
  readonly #root: string;

  /** @param root folder that holds one folder per model */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Looks at every model of the folder, in alphabetical order.
   *
   * @throws {Error} when the folder itself cannot be read
   */
  async scan(): Promise<ModelFolder[]> {
    const entries = await readdir(this.#root, { withFileTypes: true });
    const names = entries
      .filter((entry) => isFolder(entry) && NAME.test(entry.name))
      .map((entry) => entry.name)
      .sort();
    return Promise.all(names.map((name) => this.read(name)));
  }

  /** Looks at one model. */
  async read(name: string): Promise<ModelFolder> {
    const directory = path.join(this.#root, name);
    try {
      const manifest = await readManifest(directory);
      const { versions, broken } = await readVersions(directory, manifest);
      const problem =
        versions.length === 0 && broken.length === 0
          ? `no version found: expected a folder such as 1/ holding ${ENTRIES.map(({ file }) => file).join(', ')}`
          : null;
      return { name, directory, manifest, problem, versions, broken };
    } catch (thrown) {
      if (!(thrown instanceof ManifestError)) throw thrown;
      const problem = thrown.message;
      return { name, directory, manifest: null, problem, versions: [], broken: [] };
    }
  }
}

const isFolder = (entry: Dirent): boolean => entry.isDirectory() || entry.isSymbolicLink();

async function readManifest(directory: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(path.join(directory, 'model.yaml'), 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return parseManifest({});
    throw new ManifestError('model.yaml cannot be read');
  }
  let content: unknown;
  try {
    content = parse(text);
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : '';
    throw new ManifestError(`model.yaml is not valid YAML: ${why}`);
  }
  return parseManifest(content);
}

async function readVersions(directory: string, manifest: Manifest) {
  const versions: VersionFolder[] = [];
  const broken: BrokenVersion[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) {
    if (!isFolder(entry) || !/^\d+$/.test(entry.name)) continue;
    try {
      versions.push(await readVersion(directory, entry.name, manifest));
    } catch (thrown) {
      if (!(thrown instanceof ManifestError)) throw thrown;
      broken.push({ version: entry.name, problem: thrown.message });
    }
  }
  versions.sort((a, b) => compareVersions(a.version, b.version));
  return { versions, broken };
}

async function readVersion(
  modelDirectory: string,
  version: string,
  manifest: Manifest,
): Promise<VersionFolder> {
  const directory = path.join(modelDirectory, version);
  const files = await listFiles(directory);
  const found = ENTRIES.find(
    ({ file, engine }) =>
      files.includes(file) && (manifest.runtime === undefined || manifest.runtime === engine),
  );
  if (!found) {
    const allowed = ENTRIES.filter(({ engine }) => (manifest.runtime ?? engine) === engine);
    throw new ManifestError(
      `version ${version} holds no model: expected ${allowed.map(({ file }) => file).join(' or ')}`,
    );
  }
  const labels = await readLabels(modelDirectory, directory, manifest);
  return {
    version,
    directory,
    engine: found.engine,
    entry: found.folder ? directory : path.join(directory, found.file),
    labels,
    digest: await digestOf(directory, files, manifest, labels),
  };
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

async function readLabels(
  modelDirectory: string,
  directory: string,
  manifest: Manifest,
): Promise<string[] | null> {
  const declared = 'labels' in manifest.output ? manifest.output.labels : undefined;
  if (Array.isArray(declared)) return declared;
  const file = declared ?? 'labels.txt';
  if (path.basename(file) !== file) {
    throw new ManifestError(
      `model.yaml, output.labels: "${file}" must be a file beside model.yaml`,
    );
  }
  for (const folder of [directory, modelDirectory]) {
    try {
      const text = await readFile(path.join(folder, file), 'utf8');
      return text.replace(/\r?\n$/, '').split(/\r?\n/);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    }
  }
  if (declared !== undefined) {
    throw new ManifestError(`model.yaml, output.labels: the file "${declared}" does not exist`);
  }
  return null;
}

/** Digest of what the answers depend on: files of the version, encoding, labels, options. */
async function digestOf(
  directory: string,
  files: readonly string[],
  manifest: Manifest,
  labels: readonly string[] | null,
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([manifest.input, manifest.output, manifest.options, labels]));
  for (const file of files) {
    const target = path.join(directory, file);
    hash.update(`\0${file}\0${(await stat(target)).size}\0`);
    hash.update(await readFile(target));
  }
  return hash.digest('hex');
}
