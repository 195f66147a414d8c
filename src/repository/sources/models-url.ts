import { AddressError, parseAddresses } from './address.ts';
import { createSources, type SourceSettings } from './create-sources.ts';
import { type Patience, SourceClient } from './http.ts';
import { ModelStore } from './model-store.ts';
import { ModelsSync, type ModelsSyncEvents } from './models-sync.ts';

/** Settings of {@link openModelsUrl}. */
export interface ModelsUrlSettings extends SourceSettings {
  readonly modelsUrl: string;
  /** Name of the one model of `MODELS_DIR`, which does not go together with `MODELS_URL`. */
  readonly modelName?: string | undefined;
  readonly modelsUrlPollMs: number;
  readonly modelsUrlTimeoutMs: number;
  readonly modelsMaxBytes: number;
  readonly stateDir: string;
  /** Whether changes are taken while the server runs. */
  readonly watchModels: boolean;
}

/** Times that a request is made before it is given up until the next look. */
const ATTEMPTS = 4;

/** Wait before the second attempt, in milliseconds. */
const BACKOFF_MS = 250;

/** How patient requests to sources are, by the settings. */
export function patienceOf({
  modelsUrlTimeoutMs,
}: Pick<ModelsUrlSettings, 'modelsUrlTimeoutMs'>): Patience {
  return { idleTimeoutMs: modelsUrlTimeoutMs, attempts: ATTEMPTS, backoffMs: BACKOFF_MS };
}

/**
 * Makes what keeps `STATE_DIR/models` as `MODELS_URL` has it.
 *
 * @throws {Error} naming the setting that is wrong
 */
export function openModelsUrl(settings: ModelsUrlSettings, events: ModelsSyncEvents): ModelsSync {
  const patience = patienceOf(settings);
  const client = new SourceClient(patience);
  if (settings.modelName !== undefined) {
    throw new Error(
      'MODEL_NAME names the one model of MODELS_DIR; with MODELS_URL write NAME= before the address.',
    );
  }
  try {
    return new ModelsSync({
      sources: createSources(parseAddresses(settings.modelsUrl), settings, patience),
      store: new ModelStore({
        directory: settings.stateDir,
        maxBytes: settings.modelsMaxBytes,
        retry: (signal, work) => client.retry(signal, work),
      }),
      pollMs: settings.watchModels ? settings.modelsUrlPollMs : 0,
      events,
    });
  } catch (error) {
    if (error instanceof AddressError) {
      throw new Error(`MODELS_URL: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
