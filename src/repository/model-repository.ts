import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ManifestError, type Manifest } from './manifest.ts';
import type { BrokenVersion, ModelFolder, VersionFolder } from './model-folder.ts';
import { readManifest } from './read-manifest.ts';
import { readVersion, TOP_LEVEL_VERSION } from './read-version.ts';

export type { BrokenVersion, ModelFolder, VersionFolder } from './model-folder.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Orders versions: numbers by value, after them names alphabetically. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Reads a folder of models. Never writes; a broken model is described, not thrown. */
export class ModelRepository {
  readonly #root: string;
  readonly #single: string | undefined;

  /**
   * @param root folder that holds one folder per model
   * @param single takes the folder itself as the only model, of this name
   */
  constructor(root: string, single?: string) {
    this.#root = root;
    this.#single = single;
  }

  /**
   * Looks at every model of the folder, in alphabetical order.
   *
   * @throws {Error} when the folder itself cannot be read
   */
  async scan(): Promise<ModelFolder[]> {
    const entries = await readdir(this.#root, { withFileTypes: true });
    if (this.#single !== undefined) return [await this.read(this.#single)];
    const folders = await keepFolders(this.#root, entries);
    const names = folders.filter((name) => NAME.test(name)).sort();
    return Promise.all(names.map((name) => this.read(name)));
  }

  /** Looks at one model. */
  async read(name: string): Promise<ModelFolder> {
    const directory = name === this.#single ? this.#root : path.join(this.#root, name);
    const nothing = {
      name,
      directory,
      manifest: null,
      inferred: { input: false, output: false },
      versions: [],
      broken: [],
    };
    if (!NAME.test(name)) return { ...nothing, problem: 'the name of the folder is not allowed' };
    try {
      const versionNames = await findVersions(directory);
      const { manifest, inferred } = await readManifest(directory, versionNames);
      const { versions, broken } = await readVersions(directory, versionNames, manifest);
      if (versionNames[0] !== TOP_LEVEL_VERSION || versions.length > 0) {
        return { name, directory, manifest, inferred, problem: null, versions, broken };
      }
      const problem = broken[0]?.problem ?? null;
      return { name, directory, manifest, inferred, problem, versions, broken: [] };
    } catch (thrown) {
      return { ...nothing, problem: problemOf(thrown) };
    }
  }
}

/** Version folders, oldest first; without any, the files of the model's folder are version "1". */
async function findVersions(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const numbered = entries.filter(({ name }) => /^\d{1,18}$/.test(name));
  const versions = (await keepFolders(directory, numbered)).sort(compareVersions);
  return versions.length > 0 ? versions : [TOP_LEVEL_VERSION];
}

async function readVersions(directory: string, names: readonly string[], manifest: Manifest) {
  const versions: VersionFolder[] = [];
  const broken: BrokenVersion[] = [];
  for (const version of names) {
    try {
      versions.push(await readVersion(directory, version, manifest));
    } catch (thrown) {
      broken.push({ version, problem: problemOf(thrown) });
    }
  }
  return { versions, broken };
}

/** Names of the folders among entries; links (as Kubernetes mounts have them) are followed. */
async function keepFolders(directory: string, entries: readonly Dirent[]): Promise<string[]> {
  const names = await Promise.all(
    entries.map(async (entry) => {
      if (entry.isDirectory()) return entry.name;
      if (!entry.isSymbolicLink()) return null;
      const target = await stat(path.join(directory, entry.name)).catch(() => null);
      return target?.isDirectory() ? entry.name : null;
    }),
  );
  return names.filter((name) => name !== null);
}

/** What went wrong, without paths: errors of the file system hold them. */
function problemOf(thrown: unknown): string {
  if (thrown instanceof ManifestError) return thrown.message;
  const { code, path: file } = thrown as NodeJS.ErrnoException;
  if (code === undefined) return thrown instanceof Error ? thrown.message : String(thrown);
  return `${file === undefined ? 'a file' : path.basename(file)} cannot be read (${code})`;
}
