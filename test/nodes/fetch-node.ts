import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';

/**
 * Fetches a release of Node from npm, where each is the package `node-PLATFORM-ARCHITECTURE`: its
 * binary alone, and nothing of it is installed.
 *
 * @param folder where it is put
 * @returns the folder of its `node`, for the `PATH`
 * @throws {Error} where npm has none for this platform
 */
export async function fetchNode(version: string, folder: string): Promise<string> {
  const target = path.join(folder, version);
  await mkdir(target, { recursive: true });
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const { stdout } = await promisify(execFile)('npm', [
    'pack',
    name,
    '--silent',
    '--pack-destination',
    folder,
  ]);
  await extract({
    file: path.join(folder, stdout.trim()),
    cwd: target,
    strip: 1,
    filter: (file) => file === 'package/bin/node',
  });
  return path.join(target, 'bin');
}
