import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';

/** A folder of models that a test may change. */
export interface ModelsFolder {
  readonly root: string;
  /** Copies a shipped model, or versions of it, into the folder. */
  add(name: string, options?: { versions?: readonly string[]; as?: string }): Promise<void>;
  /** Changes keys of a model's model.yaml. */
  configure(name: string, change: Record<string, unknown>): Promise<void>;
  remove(): Promise<void>;
}

/** Makes an empty folder of models in the system's folder for temporary files. */
export async function makeModelsFolder(): Promise<ModelsFolder> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'models-'));
  return {
    root,
    async add(name, { versions, as = name } = {}) {
      await cp(path.join('models', name), path.join(root, as), {
        recursive: true,
        filter: (source) => {
          const [, version] = path.relative('models', source).split(path.sep);
          return !versions || !version || !/^\d+$/.test(version) || versions.includes(version);
        },
      });
    },
    async configure(name, change) {
      const file = path.join(root, name, 'model.yaml');
      const content = parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      await writeFile(file, stringify({ ...content, ...change }));
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
