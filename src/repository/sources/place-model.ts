import { mkdirSync, renameSync, rmSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Puts what was staged in the place of a model. Each entry arrives by one rename; versions first,
 * the manifest that may speak of them last, and what is gone leaves after that. Whoever looks in
 * between sees whole versions. Synchronous, so that nothing of this process runs between the two
 * renames of an entry that changes; may be repeated after a crash with what is left.
 *
 * @param staged folder with the entries that are new or have changed, of the same file system
 * @param target folder of the model
 * @param wanted names of all entries that the model shall have
 * @param trash empty folder, of the same file system, that takes what leaves
 */
export function placeModel(
  staged: string,
  target: string,
  wanted: ReadonlySet<string>,
  trash: string,
): void {
  if (!isThere(target)) {
    mkdirSync(path.dirname(target), { recursive: true });
    if (isThere(staged)) renameSync(staged, target);
    return;
  }
  const arriving = isThere(staged) ? readdirSync(staged) : [];
  let removed = 0;
  const remove = (entry: string): void => {
    renameSync(path.join(target, entry), path.join(trash, String(removed++)));
  };
  const order = (entry: string): number => {
    if (entry === 'model.yaml') return 2;
    return isThere(path.join(target, entry)) ? 1 : 0;
  };
  for (const entry of arriving.sort((a, b) => order(a) - order(b))) {
    const place = path.join(target, entry);
    const isFolder = isDirectory(place) || isDirectory(path.join(staged, entry));
    if (isFolder && isThere(place)) remove(entry);
    renameSync(path.join(staged, entry), place);
  }
  for (const entry of readdirSync(target)) {
    if (!wanted.has(entry)) remove(entry);
  }
  rmSync(staged, { recursive: true, force: true });
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
