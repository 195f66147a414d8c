import { randomUUID } from 'node:crypto';
import { copyFile, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { ByteBudget } from './byte-budget.ts';
import { diskProblem } from './disk-problem.ts';
import { download } from './download.ts';
import { MODEL_NAME } from './group-models.ts';
import { FREE_DISK_BYTES } from './limits.ts';
import { makeFolder } from './make-folder.ts';
import { type IndexedFile, type IndexedModel, ModelIndex } from './model-index.ts';
import { placeModel } from './place-model.ts';
import { runLimited } from './run-limited.ts';
import { SourceError, type SourceFile, type SourceModel } from './source.ts';

/** Files that are fetched at once. */
const CONCURRENT_FILES = 4;

/** Options of {@link ModelStore}. */
export interface ModelStoreOptions {
  /** Folder that the store may fill: `models/` and what it needs to keep that whole. */
  readonly directory: string;
  /** Most bytes of all models, with the copies that are being replaced. */
  readonly maxBytes: number;
  /** Does work again that failed in a way that may pass. */
  retry<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** What is told of a fetch while it goes on. */
export interface FetchProgress {
  readonly bytes: number;
  /** `null` where the source does not tell. */
  readonly totalBytes: number | null;
}

/** Models that were fetched, as plain files on the disk, with an index of where they are from. */
export class ModelStore {
  /** Folder with one folder for each model. */
  readonly root: string;
  readonly #options: ModelStoreOptions;
  readonly #staging: string;
  readonly #index: ModelIndex;

  constructor(options: ModelStoreOptions) {
    this.#options = options;
    this.root = path.join(options.directory, 'models');
    this.#staging = path.join(options.directory, 'staging');
    this.#index = new ModelIndex(options.directory);
  }

  /**
   * Makes the folders, and completes what a crash broke off.
   *
   * @throws {Error} when the folder cannot be written
   */
  async open(): Promise<void> {
    await makeFolder(this.root);
    await makeFolder(this.#staging);
    await this.#index.open();
    const kept = new Set<string>();
    for (const [name, model] of this.#index.models) {
      if (model.placing === undefined) continue;
      const staged = path.basename(model.placing);
      // Where it is gone, all of it was put into place.
      if (!(await isThere(path.join(this.#staging, staged)))) continue;
      try {
        await this.#complete(name, staged, model);
      } catch {
        // Its files are no longer those of the index: the next look fetches them.
        kept.add(staged);
      }
    }
    for (const entry of await readdir(this.#staging)) {
      if (isOfAnother(entry) || kept.has(entry)) continue;
      await rm(path.join(this.#staging, entry), { recursive: true, force: true });
    }
    for (const name of await readdir(this.root)) {
      if (!this.#index.models.has(name) && MODEL_NAME.test(name)) this.#index.adopt(name);
    }
  }

  /** Names of the models of a source. */
  modelsOf(source: string): string[] {
    return [...this.#index.models]
      .filter(([, model]) => model.source === source)
      .map(([name]) => name);
  }

  /** Labels of all sources that models are from. */
  sources(): Set<string> {
    return new Set(Array.from(this.#index.models.values(), ({ source }) => source));
  }

  /** Source that a model is from. */
  sourceOf(name: string): string | undefined {
    return this.#index.models.get(name)?.source;
  }

  /** State that a source told, while all that it had is still here. */
  async stateOf(source: string): Promise<string | undefined> {
    for (const name of this.modelsOf(source)) {
      const files = Object.entries(this.#index.models.get(name)?.files ?? {});
      for (const [file, known] of files) {
        if (!(await this.#isIntact(path.join(this.root, name, file), known))) return undefined;
      }
    }
    return this.#index.stateOf(source);
  }

  /** Remembers the state of a source. */
  setState(source: string, state: string | undefined): Promise<void> {
    return this.#index.setState(source, state);
  }

  /** An empty folder for the time being. */
  async scratch(): Promise<string> {
    const folder = path.join(this.#staging, `${process.pid}-${randomUUID()}`);
    await makeFolder(folder);
    return folder;
  }

  /**
   * What may still be written, by the bound and by the disk.
   *
   * @param label of what is to be written, for messages
   */
  async budget(label: string): Promise<{ readonly bytes: number; readonly budget: ByteBudget }> {
    const { maxBytes } = this.#options;
    const { bavail, bsize } = await statfs(this.#options.directory);
    const free = Math.max(0, bavail * bsize - FREE_DISK_BYTES);
    const allowed = Math.max(0, maxBytes - this.#bytes());
    const bytes = Math.min(free, allowed);
    return {
      bytes,
      budget: new ByteBudget(bytes, () => this.#tooLarge(label, free < allowed, bytes)),
    };
  }

  /**
   * Brings a model to the state that its source has, where it is not in it.
   *
   * @returns whether anything changed
   * @throws {SourceError} when the model cannot be fetched whole; what was there stays
   */
  async update(
    model: SourceModel,
    source: string,
    options: {
      readonly signal: AbortSignal;
      onStart?(progress: FetchProgress): void;
      onProgress?(progress: FetchProgress): void;
    },
  ): Promise<boolean> {
    const known = this.#index.models.get(model.name);
    const target = path.join(this.root, model.name);
    const unchanged = new Map<SourceFile, IndexedFile>();
    for (const file of model.files) {
      const its = known?.files[file.path];
      if (its?.tag !== file.tag) continue;
      if (file.size !== null && file.size !== its.size) continue;
      if (await this.#isIntact(path.join(target, file.path), its)) unchanged.set(file, its);
    }
    const wanted = topLevel(model.files.map(({ path: file }) => file));
    const isSame =
      unchanged.size === model.files.length &&
      Object.keys(known?.files ?? {}).length === model.files.length;
    if (isSame) {
      if (known && known.source !== source) await this.#index.set(model.name, { ...known, source });
      return false;
    }
    const fetched = model.files.filter((file) => !unchanged.has(file));
    // A folder in which something changes is made anew as a whole.
    const before = Object.keys(known?.files ?? {});
    const now = new Set(model.files.map(({ path: file }) => file));
    const touched = topLevel([
      ...fetched.map(({ path: file }) => file),
      ...before.filter((file) => !now.has(file)),
    ]);
    const copied = [...unchanged.keys()].filter(({ path: file }) => touched.has(top(file)));
    const staged = await this.scratch();
    try {
      const files = await this.#stage(
        staged,
        target,
        { model, fetched, copied, unchanged },
        options,
      );
      await this.#index.set(model.name, { source, files, placing: path.basename(staged) });
      await this.#place(model.name, staged, wanted);
      await this.#index.set(model.name, { source, files });
      return true;
    } catch (error) {
      await rm(staged, { recursive: true, force: true });
      throw diskProblem(error, model.name);
    }
  }

  /**
   * Takes a model away.
   *
   * @throws {Error} when it cannot be moved away; it stays then
   */
  async remove(name: string): Promise<void> {
    const trash = await this.scratch();
    try {
      await rename(path.join(this.root, name), path.join(trash, 'model')).catch(unlessGone);
      await this.#index.delete(name);
    } finally {
      await rm(trash, { recursive: true, force: true });
    }
  }

  async #stage(
    staged: string,
    target: string,
    parts: {
      readonly model: SourceModel;
      readonly fetched: readonly SourceFile[];
      readonly copied: readonly SourceFile[];
      readonly unchanged: ReadonlyMap<SourceFile, IndexedFile>;
    },
    options: {
      readonly signal: AbortSignal;
      onStart?(progress: FetchProgress): void;
      onProgress?(progress: FetchProgress): void;
    },
  ): Promise<Record<string, IndexedFile>> {
    const { model, fetched, copied, unchanged } = parts;
    const sizes = fetched.map(({ size }) => size);
    const totalBytes = sizes.includes(null) ? null : sum(sizes.map((size) => size ?? 0));
    const copies = sum(copied.map((file) => unchanged.get(file)?.size ?? 0));
    const { bytes: allowed, budget } = await this.budget(`model "${model.name}"`);
    // What was unpacked beside is on the disk already.
    const coming = sum(fetched.map((file) => (file.movable === undefined ? (file.size ?? 0) : 0)));
    if (coming + copies > allowed) budget.take(coming + copies);
    budget.take(copies);
    let bytes = 0;
    const progress = (more: number): void => {
      bytes += more;
      options.onProgress?.({ bytes, totalBytes });
    };
    options.onStart?.({ bytes, totalBytes });
    const files: Record<string, IndexedFile> = {};
    for (const [file, its] of unchanged) files[file.path] = its;
    for (const file of copied) {
      const copy = path.join(staged, file.path);
      await makeFolder(path.dirname(copy));
      await copyFile(path.join(target, file.path), copy);
      const its = unchanged.get(file);
      if (its) files[file.path] = { ...its, mtimeMs: (await stat(copy)).mtimeMs };
    }
    await runLimited(fetched, CONCURRENT_FILES, options.signal, async (file, signal) => {
      const place = path.join(staged, file.path);
      if (file.movable !== undefined && file.digest?.algorithm === 'sha256') {
        await makeFolder(path.dirname(place));
        await rename(file.movable, place);
        const { size, mtimeMs } = await stat(place);
        files[file.path] = { size, tag: file.tag, sha256: file.digest.hex, mtimeMs };
        progress(size);
        return;
      }
      const { size, sha256 } = await this.#options.retry(signal, () =>
        download(file, staged, { signal, budget, onBytes: progress }),
      );
      files[file.path] = { size, tag: file.tag, sha256, mtimeMs: (await stat(place)).mtimeMs };
    });
    return files;
  }

  async #place(name: string, staged: string, wanted: ReadonlySet<string>): Promise<void> {
    const trash = await this.scratch();
    placeModel(staged, path.join(this.root, name), wanted, trash);
    await rm(trash, { recursive: true, force: true });
  }

  async #complete(name: string, staged: string, { source, files }: IndexedModel): Promise<void> {
    await this.#place(name, path.join(this.#staging, staged), topLevel(Object.keys(files)));
    await this.#index.set(name, { source, files });
  }

  async #isIntact(file: string, { size, mtimeMs }: IndexedFile): Promise<boolean> {
    const info = await stat(file).catch(() => null);
    return info?.isFile() === true && info.size === size && info.mtimeMs === mtimeMs;
  }

  #bytes(): number {
    return sum(
      [...this.#index.models.values()].flatMap(({ files }) =>
        Object.values(files).map(({ size }) => size),
      ),
    );
  }

  #tooLarge(label: string, byDisk: boolean, bytes: number): SourceError {
    const free = `${label} needs more than the ${megabytes(bytes)} MB`;
    return new SourceError(
      byDisk
        ? `${free} that are free on the disk`
        : `${free} that MODELS_MAX_BYTES leaves beside the other models`,
    );
  }
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);

const top = (file: string): string => file.split('/')[0] ?? file;

const topLevel = (files: readonly string[]): Set<string> => new Set(files.map(top));

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

function unlessGone(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** Whether a folder of the staging area belongs to another process that is alive. */
function isOfAnother(entry: string): boolean {
  const pid = Number(entry.split('-')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
