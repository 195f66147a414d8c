import type { Manifest } from '../repository/manifest.ts';
import type { ModelFolder, VersionFolder } from '../repository/model-repository.ts';
import type { LoadSpec } from '../runtimes/engine.ts';
import { chooseIsolation } from '../runtimes/isolation.ts';
import { openRemote } from '../runtimes/remote/open-remote.ts';
import type { RemotePool } from '../runtimes/remote/remote-pool.ts';
import { WorkerPool } from '../runtimes/worker-pool.ts';
import type { SharedThreads } from '../runtimes/shared-threads.ts';
import type { WorkerNotice } from '../runtimes/model-worker.ts';
import type { ServingDefaults } from './serving-defaults.ts';
import type { TrialResult } from './trial/trial.ts';

/** What runs the batches of a model version: workers of this server, or an engine elsewhere. */
export type EnginePool = WorkerPool | RemotePool;

/** What {@link openEngine} needs. */
export interface EngineSource {
  readonly model: ModelFolder;
  readonly folder: VersionFolder;
  readonly manifest: Manifest;
  readonly defaults: ServingDefaults;
  /** The threads that models share. */
  readonly threads: SharedThreads;
  /** What a trial found out; `null` of an engine elsewhere, which is not tried. */
  readonly trial: TrialResult | null;
  /** Told what a run said of the model. */
  readonly onNotice: (notice: WorkerNotice) => void;
  /** Told of each worker, or address, that was lost. */
  readonly onWorkerLost: (reason: string) => void;
  /** Told when nothing can run any more. */
  readonly onDown: (reason: string) => void;
  /** Told when it can again. */
  readonly onUp: () => void;
}

/** What a worker of this server loads; `null` for an engine elsewhere. */
export function loadSpecOf(
  { engine, entry }: VersionFolder,
  { options }: Manifest,
  { tfjsBackend }: ServingDefaults,
): LoadSpec | null {
  if (engine === 'remote') return null;
  const backend = engine === 'tfjs' ? { backend: tfjsBackend } : {};
  return { engine, path: entry, options: { ...backend, ...options } };
}

/**
 * Opens what runs the batches of a version; nothing is loaded yet.
 *
 * @throws {Error} for the operator, where a secret of a remote engine cannot be read
 */
export async function openEngine(source: EngineSource): Promise<EnginePool> {
  const { model, folder, manifest, defaults, trial, onWorkerLost, onDown, onUp } = source;
  const { loadTimeoutMs, runTimeoutMs } = defaults;
  const events = { onWorkerLost, onDown, onUp };
  const asked = loadSpecOf(folder, manifest, defaults);
  if (!asked) {
    if (!folder.remote) throw new Error('model.yaml, remote: missing');
    const { directory, name } = model;
    return openRemote(folder.remote, { directory, model: name, runTimeoutMs, ...events });
  }
  const { workers } = manifest;
  const backend = trial?.backend ?? null;
  const spec = backend === null ? asked : { ...asked, options: { ...asked.options, backend } };
  return new WorkerPool({
    spec,
    workers: workers.count ?? defaults.workers,
    // Who says how many workers a model has means workers of its own.
    openThread: workers.count === undefined ? source.threads.opener() : undefined,
    isolation: trial?.needsProcess ? 'process' : chooseIsolation(spec, workers.isolation),
    loadTimeoutMs,
    runTimeoutMs,
    onNotice: source.onNotice,
    ...events,
  });
}
