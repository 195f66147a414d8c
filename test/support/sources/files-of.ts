import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Files below a folder with their content, by their path within it. */
export async function filesOf(root: string): Promise<[string, Buffer][]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<[string, Buffer]> => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(root, file), await readFile(file)];
      }),
  );
}
