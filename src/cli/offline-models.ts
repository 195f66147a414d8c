import path from 'node:path';
import { MemoryCache } from '../cache/memory-cache.ts';
import { loadConfig } from '../config.ts';
import { ModelCatalog } from '../serving/model-catalog.ts';
import { Trials } from '../serving/trial/trials.ts';
import { ModelEvents } from '../serving/model-events.ts';
import { Predictor } from '../prediction/predictor.ts';
import type { ServedVersion } from '../serving/served-version.ts';
import type { ModelFolder } from '../repository/model-folder.ts';
import { ModelRepository } from '../repository/model-repository.ts';
import { modelsFolder } from '../repository/models-folder.ts';
import { Metrics } from '../telemetry/metrics.ts';

/** Models in memory without a server around them. */
export interface OfflineModels {
  readonly catalog: ModelCatalog;
  readonly predictor: Predictor;
  /** Ends the workers, so that the process can end. */
  close(): Promise<void>;
}

/** Options of {@link openModels}. */
export interface OpenOptions {
  /** Folder of the models. @default MODELS_DIR */
  readonly directory?: string | undefined;
  /** Loads only the model of this name. */
  readonly only?: string;
  /** Told when a version changes its state. */
  readonly onState?: (version: ServedVersion) => void;
}

/** One model of a folder, as if there were no other. */
class OneModel extends ModelRepository {
  readonly #name: string;

  constructor(directory: string, name: string) {
    super(directory);
    this.#name = name;
  }

  override async scan(): Promise<ModelFolder[]> {
    const chosen = await this.find(this.#name);
    if (chosen) return [chosen];
    // Of none that fits, all are kept: the message then names those that there are.
    return (await super.scan()).map((folder) => ({ ...folder, versions: [] }));
  }
}

/**
 * Loads the models of a folder.
 *
 * @throws {Error} when the folder cannot be read
 */
export async function openModels({
  directory,
  only,
  onState = () => undefined,
}: OpenOptions): Promise<OfflineModels> {
  const config = loadConfig({ ...process.env, ...(directory && { MODELS_DIR: directory }) });
  const folder = directory ?? modelsFolder(config);
  const metrics = new Metrics();
  const catalog = new ModelCatalog({
    repository: only ? new OneModel(folder, only) : new ModelRepository(folder),
    metrics,
    trials: new Trials(path.join(config.stateDir, 'trials'), () => undefined),
    defaultModel: config.defaultModel,
    // Nothing is asked of them at once: one worker each is enough.
    defaults: { ...config, workers: 1 },
    modelEvents: new ModelEvents(),
    drainTimeoutMs: 0,
    events: {
      onState,
      onWorkerLost: () => undefined,
      onTraffic: () => undefined,
      onChange: () => undefined,
    },
  });
  const close = async (): Promise<void> => {
    metrics.close();
    await catalog.close();
  };
  try {
    await catalog.load();
  } catch (error) {
    await close();
    throw error;
  }
  const cache = new MemoryCache({ maxBytes: 0 });
  return { catalog, predictor: new Predictor({ catalog, cache, limits: config }), close };
}
