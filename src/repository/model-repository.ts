import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FileDigests } from './file-digests.ts';
import { ManifestError, type Manifest } from './manifest.ts';
import type { BrokenVersion, ModelFolder, VersionFolder } from './model-folder.ts';
import { strayAdvice } from './stray-files.ts';
import { findStrayLinks } from './stray-links.ts';
import { readManifest } from './read-manifest.ts';
import { readVersion, TOP_LEVEL_VERSION } from './read-version.ts';

export type { BrokenVersion, ModelFolder, VersionFolder } from './model-folder.ts';

/** What names of models may be made of, in words. */
export const MODEL_NAMES =
  'letters, digits, ".", "_" and "-", a letter or digit first, at most 128';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Orders versions: numbers by value, after them names alphabetically. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Folders that tools and file systems leave behind: nobody means them to be models. */
const NO_MODEL = /^(?:[._@]|lost\+found$)/;

/** Reads a folder of models. Never writes; a broken model is described, not thrown. */
export class ModelRepository {
  readonly #root: string;
  readonly #digests = new FileDigests();
  readonly #ignored = new Map<string, string>();
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
   * What looks like a model, as last seen, but is not served: names of folders and files, and a
   * sentence that says why and what to do.
   */
  get ignored(): ReadonlyMap<string, string> {
    return this.#ignored;
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
    this.#ignored.clear();
    for (const { name } of entries) this.#look(name, folders.includes(name));
    const names = folders.filter((name) => NAME.test(name)).sort();
    return Promise.all(names.map((name) => this.read(name)));
  }

  /**
   * Looks at one model, and at no other.
   *
   * @returns `undefined` where there is no folder of that name, or its name is not allowed
   * @throws {Error} when the folder of models cannot be read
   */
  async find(name: string): Promise<ModelFolder | undefined> {
    // Told by the folder of models: one that cannot be read does not mean that the model is gone.
    const entries = await readdir(this.#root, { withFileTypes: true });
    if (this.#single !== undefined) return name === this.#single ? this.read(name) : undefined;
    const present = await keepFolders(
      this.#root,
      entries.filter((entry) => entry.name === name),
    );
    if (present.length > 0 && NAME.test(name)) return this.read(name);
    this.#ignored.delete(name);
    if (entries.some((entry) => entry.name === name)) this.#look(name, present.length > 0);
    return undefined;
  }

  /** Notes what is not served. */
  #look(name: string, isFolder: boolean): void {
    if (NO_MODEL.test(name)) return;
    if (!isFolder) {
      const advice = strayAdvice(name);
      if (advice !== undefined) this.#ignored.set(name, advice);
    } else if (!NAME.test(name)) {
      this.#ignored.set(
        name,
        `The folder ${JSON.stringify(name)} is not served: names of models take ${MODEL_NAMES}.`,
      );
    }
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
      const strays = await findStrayLinks(directory);
      refuseStrays(strays.filter((link) => !isInVersion(link)));
      const versionNames = await findVersions(directory);
      const { manifest, inferred } = await readManifest(directory, versionNames);
      const { versions, broken } = await this.#readVersions(
        directory,
        versionNames,
        manifest,
        strays,
      );
      if (versionNames[0] !== TOP_LEVEL_VERSION || versions.length > 0) {
        return { name, directory, manifest, inferred, problem: null, versions, broken };
      }
      const problem = broken[0]?.problem ?? null;
      return { name, directory, manifest, inferred, problem, versions, broken: [] };
    } catch (thrown) {
      return { ...nothing, problem: problemOf(thrown) };
    }
  }

  async #readVersions(
    directory: string,
    names: readonly string[],
    manifest: Manifest,
    strays: readonly string[],
  ) {
    const versions: VersionFolder[] = [];
    const broken: BrokenVersion[] = [];
    for (const version of names) {
      try {
        refuseStrays(strays.filter((link) => link.split('/')[0] === version));
        versions.push(await readVersion(directory, version, manifest, this.#digests));
      } catch (thrown) {
        broken.push({ version, problem: problemOf(thrown) });
      }
    }
    return { versions, broken };
  }
}

const VERSION = /^\d{1,18}$/;

const isInVersion = (link: string): boolean => VERSION.test(link.split('/')[0] ?? '');

/** @throws {ManifestError} naming the first of the links */
function refuseStrays([link]: readonly string[]): void {
  if (link === undefined) return;
  throw new ManifestError(
    `"${link}" is a symbolic link that leads out of the model's folder; copy the file instead`,
  );
}

/** Version folders, oldest first; without any, the files of the model's folder are version "1". */
async function findVersions(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const numbered = entries.filter(({ name }) => VERSION.test(name));
  const versions = (await keepFolders(directory, numbered)).sort(compareVersions);
  return versions.length > 0 ? versions : [TOP_LEVEL_VERSION];
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
