import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RunResult } from '../../../src/runtimes/model-worker.ts';
import { WorkerPool } from '../../../src/runtimes/worker-pool.ts';
import type { Isolation } from '../../../src/runtimes/worker-channel.ts';
import type { TensorMap } from '../../../src/tensor/tensor.ts';
import { EventLog } from './event-log.ts';
import { faultTensors, type FaultRow, writeFaultModel } from './fault-model.ts';

/** What a pool told. */
export type PoolEvent = { readonly kind: 'lost' | 'down' | 'up'; readonly reason: string };

/** A pool of real workers with the fault model. */
export interface FaultPool extends AsyncDisposable {
  readonly pool: WorkerPool;
  readonly events: EventLog<PoolEvent>;
  /** File that the workers load. */
  readonly file: string;
  run(row: FaultRow, suspect?: boolean): Promise<RunResult>;
  /** Resolves when `count` workers are idle. */
  idle(count: number): Promise<void>;
}

/** Tensors of the fault model as a worker takes them. */
export function tensorsOf(...rows: readonly FaultRow[]): TensorMap {
  return Object.fromEntries(
    faultTensors(...rows).map(({ name, datatype, shape, data }) => [
      name,
      { datatype, shape, data: Float32Array.from(data) },
    ]),
  );
}

/** Starts a pool whose workers load the fault model. */
export async function startFaultPool(
  isolation: Isolation,
  { workers = 1, runTimeoutMs = 20_000 } = {},
): Promise<FaultPool> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'faults-'));
  const file = await writeFaultModel(folder, 'faulty');
  const events = new EventLog<PoolEvent>();
  const pool = new WorkerPool({
    spec: { engine: 'onnx', path: file, options: {} },
    workers,
    isolation,
    loadTimeoutMs: 20_000,
    runTimeoutMs,
    onWorkerLost: (reason) => events.add({ kind: 'lost', reason }),
    onDown: (reason) => events.add({ kind: 'down', reason }),
    onUp: () => events.add({ kind: 'up', reason: '' }),
  });
  const waiting = new Set<() => void>();
  pool.onIdle(() => {
    for (const check of waiting) check();
  });
  await pool.start();
  return {
    pool,
    events,
    file,
    run: (row, suspect) => pool.run(() => tensorsOf(row), ['y', 'text'], suspect),
    idle: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (pool.idleWorkers < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: async () => {
      await pool.close();
      await rm(folder, { recursive: true });
    },
  };
}
