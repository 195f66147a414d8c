import { parentPort } from 'node:worker_threads';
import { performance } from 'node:perf_hooks';
import type { Engine, LoadedModel, WorkerEngineName } from './engine.ts';
import { transferables, type FromWorker, type ToWorker } from './protocol.ts';

/**
 * Entry of every worker, thread or process: loads one model version or several, then runs batches
 * one by one. Another that it is told to load in the place of one frees that.
 * Engines are imported only when asked for, so that a worker carries one inference library.
 */

const engines: Record<WorkerEngineName, () => Promise<Engine>> = {
  tfjs: async () => (await import('./engines/tfjs.ts')).tfjsEngine,
  onnx: async () => (await import('./engines/onnx.ts')).onnxEngine,
};

/** The models that it holds, by the number that the server gave them. */
const models = new Map<number, LoadedModel>();

// Libraries write on the console what they also throw; the log of the server is structured.
const silence = () => undefined;
Object.assign(console, { log: silence, info: silence, warn: silence, error: silence });

const describe = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

async function handle(message: ToWorker): Promise<void> {
  const { tenant = 0 } = message;
  const send = (answer: FromWorker, transfer: ArrayBuffer[] = []): void => {
    const addressed = { ...answer, tenant };
    if (parentPort) parentPort.postMessage(addressed, transfer);
    else process.send?.(addressed);
  };
  switch (message.kind) {
    case 'load': {
      const started = performance.now();
      try {
        const engine = await engines[message.spec.engine]();
        // A process that tries models holds one at a time.
        await unload(tenant);
        const model = await engine.load(message.spec);
        models.set(tenant, model);
        const { signature, backend } = model;
        send({ kind: 'loaded', signature, backend, loadMs: performance.now() - started });
      } catch (thrown) {
        send({ kind: 'load-failed', message: describe(thrown) });
      }
      return;
    }
    case 'run': {
      try {
        const model = models.get(tenant);
        if (!model) throw new Error('no model is loaded');
        const started = performance.now();
        const outputs = await model.run(message.inputs, message.outputs);
        const inferenceMs = performance.now() - started;
        const { notice, backend } = model;
        if (notice !== undefined) {
          model.notice = undefined;
          send({ kind: 'notice', message: notice, backend });
        }
        send({ kind: 'result', id: message.id, outputs, inferenceMs }, transferables(outputs));
      } catch (thrown) {
        send({ kind: 'failed', id: message.id, message: describe(thrown) });
        // A trap leaves WebAssembly's memory in a state that nobody knows: a new worker has its own.
        if (thrown instanceof WebAssembly.RuntimeError) setImmediate(() => process.exit(1));
      }
      return;
    }
    case 'stats': {
      const stats = {
        tensors: null,
        bytes: null,
        ...models.get(tenant)?.stats(),
        rss: process.memoryUsage.rss(),
      };
      send({ kind: 'stats', id: message.id, stats });
      return;
    }
    case 'unload':
      await unload(tenant).catch(() => undefined);
      send({ kind: 'unloaded' });
      return;
    case 'end':
      process.exit(0);
  }
}

async function unload(tenant: number): Promise<void> {
  const model = models.get(tenant);
  models.delete(tenant);
  await model?.dispose();
}

/** Models of one library share its state: one message is dealt with after the other. */
let last: Promise<void> = Promise.resolve();
let waiting = 0;

function receive(message: ToWorker): void {
  if (message.kind === 'end' || message.kind === 'stats') {
    void handle(message);
    return;
  }
  // Nothing to wait for: an idle worker starts in the same turn.
  last = waiting === 0 ? handle(message) : last.then(() => handle(message));
  waiting++;
  void last.finally(() => waiting--);
}

if (parentPort) parentPort.on('message', receive);
else {
  // The parent alone decides when a worker ends; Ctrl-C in a terminal reaches children too.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit(0));
  process.on('message', receive);
}
