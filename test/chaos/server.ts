import { WorkerPool } from '../../src/runtimes/worker-pool.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { TEST_CALL } from '../support/test-call.ts';

/**
 * The server under chaos, in a process of its own: the real app, and a line to the suite for what
 * nobody can do from outside (end a thread, read the memory, name the worker processes).
 */

/** What the suite asks for. */
export type Order =
  { readonly order: 'state' } | { readonly order: 'end-worker'; readonly model: string };

/** What the server answers. */
export type Report =
  | { readonly report: 'ready'; readonly port: number }
  | {
      readonly report: 'state';
      /** Resident set after a garbage collection, bytes. */
      readonly rss: number;
      /** Ids of the worker processes of each model. */
      readonly processes: Readonly<Record<string, readonly number[]>>;
      readonly health: string;
    };

const app = createApp(loadConfig(process.env));
const report = (message: Report) => process.send?.(message);

const workersOf = (model: string) =>
  app.catalog.versions().flatMap((version) => {
    const { pool } = version;
    return version.model === model && pool instanceof WorkerPool ? pool.workers : [];
  });

process.on('message', (order: Order) => {
  if (order.order === 'end-worker') {
    void workersOf(order.model)[0]?.terminate();
    return;
  }
  globalThis.gc?.();
  report({
    report: 'state',
    rss: process.memoryUsage.rss(),
    processes: Object.fromEntries(
      app.catalog.list().map(({ name }) => [
        name,
        workersOf(name)
          .filter(({ kind }) => kind === 'process')
          .map(({ id }) => id),
      ]),
    ),
    health: app.services.health.report(TEST_CALL).status,
  });
});
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => {
  void app.stop().then((clean) => process.exit(clean ? 0 : 1));
});

const { port } = await app.start();
report({ report: 'ready', port });
