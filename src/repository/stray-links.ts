import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * Symbolic links below the folder of a model that lead out of it, so that a model which was brought
 * in from elsewhere cannot have other files of this machine read. The folder itself may be a link,
 * and links within it (as Kubernetes mounts have them) are fine.
 *
 * @returns relative to the folder, with `/`
 */
export async function findStrayLinks(directory: string): Promise<string[]> {
  const root = await realpath(directory);
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const strays = await Promise.all(
    links.map(async ({ parentPath, name }) => {
      const link = path.join(parentPath, name);
      // A link that leads nowhere cannot be read: what needs it says that it is missing.
      const target = await realpath(link).catch(() => root);
      if (target === root || target.startsWith(root + path.sep)) return null;
      return path.relative(root, link).replaceAll(path.sep, '/');
    }),
  );
  return strays.filter((link) => link !== null).sort();
}
