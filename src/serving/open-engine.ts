import type { Manifest } from '../repository/manifest.ts';
import type { ModelFolder, VersionFolder } from '../repository/model-repository.ts';
import type { LoadSpec } from '../runtimes/engine.ts';
import { chooseIsolation } from '../runtimes/isolation.ts';
import { openRemote } from '../runtimes/remote/open-remote.ts';
import { RemotePool } from '../runtimes/remote/remote-pool.ts';
import { WorkerPool } from '../runtimes/worker-pool.ts';
import type { BatcherOptions } from '../batching/batcher.ts';
import type { ServingDefaults } from './serving-defaults.ts';

/** What runs the batches of a model version: workers of this server, or an engine elsewhere. */
export type EnginePool = WorkerPool | RemotePool;

/** Inputs of one batch of a local engine, where model.yaml does not say. */
const LOCAL_BATCH_SIZE = 64;

/** What {@link openEngine} needs. */
export interface EngineSource {
  readonly model: ModelFolder;
  readonly folder: VersionFolder;
  readonly manifest: Manifest;
  readonly defaults: ServingDefaults;
  /** Told of each worker, or address, that was lost. */
  readonly onWorkerLost: (reason: string) => void;
  /** Told when nothing can run any more. */
  readonly onDown: (reason: string) => void;
  /** Told when it can again. */
  readonly onUp: () => void;
}

/**
 * Opens what runs the batches of a version; nothing is loaded yet.
 *
 * @throws {Error} for the operator, where a secret of a remote engine cannot be read
 */
export async function openEngine(source: EngineSource): Promise<EnginePool> {
  const { model, folder, manifest, defaults, onWorkerLost, onDown, onUp } = source;
  const { loadTimeoutMs, runTimeoutMs } = defaults;
  const events = { onWorkerLost, onDown, onUp };
  const { engine, entry, remote } = folder;
  if (engine === 'remote') {
    if (!remote) throw new Error('model.yaml, remote: missing');
    const { directory, name } = model;
    return openRemote(remote, { directory, model: name, runTimeoutMs, ...events });
  }
  const { workers, options } = manifest;
  const backend = engine === 'tfjs' ? { backend: defaults.tfjsBackend } : {};
  const spec: LoadSpec = { engine, path: entry, options: { ...backend, ...options } };
  return new WorkerPool({
    spec,
    workers: workers.count ?? defaults.workers,
    isolation: chooseIsolation(spec, workers.isolation),
    loadTimeoutMs,
    runTimeoutMs,
    ...events,
  });
}

/**
 * How the inputs of a version are joined to batches.
 *
 * @param batched whether the model has a batch axis
 */
export function batchLimits(
  pool: EnginePool,
  { batching }: Manifest,
  batched: boolean,
): Pick<BatcherOptions, 'maxBatchSize' | 'maxRunRows' | 'cancelsRuns'> {
  const { maxBatchSize } = batching;
  if (!(pool instanceof RemotePool)) {
    return { maxBatchSize: batched ? (maxBatchSize ?? LOCAL_BATCH_SIZE) : 1 };
  }
  // Only an engine that says so itself, or whose operator does, takes rows of several requests.
  const theirs = pool.maxBatchSize > 1 ? pool.maxBatchSize : undefined;
  const most = batched ? (maxBatchSize ?? theirs ?? 1) : 1;
  return { maxBatchSize: most, maxRunRows: maxBatchSize ?? theirs, cancelsRuns: true };
}
