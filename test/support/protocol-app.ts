import { cp } from 'node:fs/promises';
import path from 'node:path';
import { makeModelsFolder } from './models-folder.ts';
import { runApp, type RunningApp } from './running-app.ts';

/**
 * A server for tests of the Open Inference Protocol, over HTTP and gRPC: `digits`, version 2 of
 * `banking77`, and `types`, which has a tensor of every datatype. It takes bodies of a megabyte.
 */
export async function runProtocolApp(): Promise<RunningApp> {
  const folder = await makeModelsFolder();
  await folder.add('digits');
  await folder.add('banking77', { versions: ['2'] });
  await cp('test/fixtures/models/onnx-types', path.join(folder.root, 'types'), { recursive: true });
  const app = await runApp({
    modelsDir: folder.root,
    watchModels: false,
    maxBodyBytes: 1_000_000,
    grpcPort: 0,
  });
  return {
    ...app,
    stop: async () => {
      await app.stop();
      await folder.remove();
    },
  };
}
