import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

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

const indexSchema = z.object({
  models: z.record(z.string(), modelSchema),
  /** What sources that are fetched as a whole told of their state, by label. */
  states: z.record(z.string(), z.string()),
});

/** A file that was fetched. */
export type IndexedFile = z.infer<typeof fileSchema>;

/** A model that was fetched. */
export type IndexedModel = z.infer<typeof modelSchema>;

/** What was fetched, from where, and how it looked there. */
export interface ModelIndex {
  readonly models: Map<string, IndexedModel>;
  readonly states: Map<string, string>;
}

/** Reads the index; one that is missing or damaged is empty, so that all is fetched anew. */
export async function readIndex(file: string): Promise<ModelIndex> {
  try {
    const { models, states } = indexSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return { models: new Map(Object.entries(models)), states: new Map(Object.entries(states)) };
  } catch {
    return { models: new Map(), states: new Map() };
  }
}

/** Writes the index in one step. */
export async function writeIndex(file: string, index: ModelIndex): Promise<void> {
  const beside = `${file}.${process.pid}`;
  const content = {
    models: Object.fromEntries(index.models),
    states: Object.fromEntries(index.states),
  };
  await writeFile(beside, JSON.stringify(content));
  await rename(beside, file);
}
