import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeFolder } from './make-folder.ts';

const fileSchema = z.object({
  size: z.number(),
  tag: z.string(),
  sha256: z.string(),
  /** Time of the last change as written, in milliseconds. */
  mtimeMs: z.number(),
});

const modelSchema = z.object({
  /** Label of its source. */
  source: z.string(),
  files: z.record(z.string(), fileSchema),
  /** Folder whose entries are being put into place; what a crash leaves is completed from it. */
  placing: z.string().optional(),
});

const statesSchema = z.record(z.string(), z.string());

/** A file that was fetched. */
export type IndexedFile = z.infer<typeof fileSchema>;

/** A model that was fetched. */
export type IndexedModel = z.infer<typeof modelSchema>;

/**
 * What was fetched, from where, and how it looked there. Kept in one file for each model, so that a
 * change costs what the model costs, and one for the states of the sources; each is written in one
 * step. A file that is missing or damaged counts as empty: its model is fetched anew.
 */
export class ModelIndex {
  readonly #folder: string;
  readonly #statesFile: string;
  readonly #models = new Map<string, IndexedModel>();
  #states = new Map<string, string>();

  /** @param directory folder that holds the index */
  constructor(directory: string) {
    this.#folder = path.join(directory, 'index');
    this.#statesFile = path.join(directory, 'sources.json');
  }

  /** Models by name. */
  get models(): ReadonlyMap<string, IndexedModel> {
    return this.#models;
  }

  /**
   * Reads what was written before.
   *
   * @throws {Error} when the folder cannot be made
   */
  async open(): Promise<void> {
    await makeFolder(this.#folder);
    for (const entry of await readdir(this.#folder)) {
      if (!entry.endsWith('.json')) continue;
      const model = await readJson(path.join(this.#folder, entry), modelSchema);
      if (model !== undefined) this.#models.set(entry.slice(0, -'.json'.length), model);
    }
    this.#states = new Map(Object.entries((await readJson(this.#statesFile, statesSchema)) ?? {}));
  }

  /** What a source that is fetched as a whole told of its state. */
  stateOf(source: string): string | undefined {
    return this.#states.get(source);
  }

  /** Remembers the state of a source, or forgets it. */
  async setState(source: string, state: string | undefined): Promise<void> {
    if (this.#states.get(source) === state) return;
    if (state === undefined) this.#states.delete(source);
    else this.#states.set(source, state);
    await writeJson(this.#statesFile, Object.fromEntries(this.#states));
  }

  /** Remembers a model. */
  async set(name: string, model: IndexedModel): Promise<void> {
    await writeJson(this.#fileOf(name), model);
    this.#models.set(name, model);
  }

  /** Counts a folder of models that no index tells of as one of an unknown source. */
  adopt(name: string): void {
    this.#models.set(name, { source: UNKNOWN_SOURCE, files: {} });
  }

  /** Forgets a model. */
  async delete(name: string): Promise<void> {
    await rm(this.#fileOf(name), { force: true });
    this.#models.delete(name);
  }

  #fileOf(name: string): string {
    return path.join(this.#folder, `${name}.json`);
  }
}

/** Label of what is there although nothing tells where it is from. */
export const UNKNOWN_SOURCE = '';

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeJson(file: string, content: unknown): Promise<void> {
  const beside = `${file}.${process.pid}`;
  try {
    await writeFile(beside, JSON.stringify(content));
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
