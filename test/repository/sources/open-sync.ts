import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../../src/config.ts';
import { openModelsUrl } from '../../../src/repository/sources/models-url.ts';
import type { ModelsSync } from '../../../src/repository/sources/models-sync.ts';

/** What keeps a folder as `MODELS_URL` has it, and what it told. */
export interface OpenedSync {
  readonly sync: ModelsSync;
  readonly directory: string;
  readonly events: string[];
  /** Files below `models/` with their content. */
  readonly files: () => Promise<Record<string, string>>;
}

/** Opens syncs on folders of their own. */
export class SyncFixture {
  readonly #folders: string[] = [];
  readonly #syncs: ModelsSync[] = [];

  /** Opens one; `MODELS_URL_POLL_MS` is 0, so that tests look themselves. */
  async open(env: Record<string, string>): Promise<OpenedSync> {
    const directory = env.STATE_DIR ?? (await this.folder());
    const config = loadConfig({
      STATE_DIR: directory,
      MODELS_URL_POLL_MS: '0',
      ...env,
    });
    const events: string[] = [];
    const sync = openModelsUrl(
      { ...config, modelsUrl: config.modelsUrl ?? '' },
      {
        onFetching: (model) => {
          if (events.at(-1) !== `fetching ${model}`) events.push(`fetching ${model}`);
        },
        onFetched: (model) => events.push(`fetched ${model}`),
        onRemoved: (model) => events.push(`removed ${model}`),
        onProblem: (what, problem) => events.push(`problem ${what}: ${problem}`),
        onRecovered: (what) => events.push(`recovered ${what}`),
      },
    );
    this.#syncs.push(sync);
    return { sync, directory, events, files: () => filesBelow(path.join(directory, 'models')) };
  }

  /** An empty folder that is removed at the end. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sources-'));
    this.#folders.push(folder);
    return folder;
  }

  async close(): Promise<void> {
    await Promise.all(this.#syncs.splice(0).map((sync) => sync.close()));
    for (const folder of this.#folders.splice(0)) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function filesBelow(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, file);
    files[name] = entry.isFile() ? await readFile(file, 'utf8') : 'no plain file';
  }
  return files;
}
