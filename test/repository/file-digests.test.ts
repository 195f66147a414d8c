import { appendFile, mkdtemp, open, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ModelRepository } from '../../src/repository/model-repository.ts';
import { runApp } from '../support/running-app.ts';
import { makeModelsFolder } from '../support/models-folder.ts';

/** Bytes that this process has read from files, those of the page cache too. */
async function bytesRead(): Promise<number> {
  const io = await readFile('/proc/self/io', 'utf8');
  return Number(/^rchar: (\d+)$/m.exec(io)?.[1]);
}

/** Bytes that `work` makes the process read. */
async function readBy(work: () => Promise<unknown>): Promise<number> {
  const before = await bytesRead();
  await work();
  return (await bytesRead()) - before;
}

const MEGABYTES = 1024 * 1024;

/** Writes a file of zeros that takes no room on the disk. */
async function writeWeights(file: string, bytes = 64 * MEGABYTES): Promise<void> {
  const handle = await open(file, 'w');
  await handle.truncate(bytes);
  await handle.close();
}

describe.skipIf(process.platform !== 'linux')('digests of files', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'digests-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('are of the content, and read it once while nothing changes', async () => {
    const file = path.join(root, 'model.onnx');
    await writeFile(path.join(root, 'model.yaml'), '');
    await writeWeights(file);
    const repository = new ModelRepository(path.dirname(root));
    const digest = async () =>
      (await repository.read(path.basename(root))).versions[0]?.digest ?? 'none';
    // Until its time stamps are some ticks old, a file may change without showing it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const first = await digest();
    expect(await readBy(async () => expect(await digest()).toBe(first))).toBeLessThan(MEGABYTES);

    await appendFile(file, 'x');
    const second = await digest();
    expect(second).not.toBe(first);
    // The same size, and the time of change set back to what it was.
    const handle = await open(file, 'r+');
    const { atime, mtime } = await handle.stat();
    await handle.write('y', 64 * MEGABYTES);
    await handle.close();
    await utimes(file, atime, mtime);
    expect(await digest()).not.toBe(second);
  });

  it('are not made of the other models when one is reloaded', async () => {
    const models = await makeModelsFolder();
    onTestFinished(() => models.remove());
    await models.add('penguins');
    const server = await runApp({ modelsDir: models.root, watchModels: false });
    onTestFinished(() => server.stop());
    await models.add('penguins', { as: 'large' });
    await writeWeights(path.join(models.root, 'large', '1', 'unused.bin'));
    const { catalog } = server.app;
    expect(await readBy(() => catalog.reloadModels('penguins'))).toBeLessThan(32 * MEGABYTES);
    expect(await readBy(() => catalog.loadModel('penguins'))).toBeLessThan(32 * MEGABYTES);
    expect(catalog.get('large')).toBeUndefined();
    expect(await readBy(() => catalog.reloadModels('large'))).toBeGreaterThan(64 * MEGABYTES);
    expect(catalog.get('large')?.state).toBe('ready');
  });
});
