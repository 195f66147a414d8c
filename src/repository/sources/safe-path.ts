/** Longest path of a file within a model, in UTF-8 bytes. */
const MAX_PATH_BYTES = 1_000;

/** Longest name of a file or folder, in UTF-8 bytes: what common file systems take. */
const MAX_NAME_BYTES = 255;

/**
 * Says why a path that a source tells must not become a file here.
 *
 * @param path relative, with `/`
 * @returns the reason, or `null` for a path that stays in its folder
 */
export function pathProblem(path: string): string | null {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    return `the path ${shown(path)} is longer than ${MAX_PATH_BYTES} bytes`;
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return `${shown(path)} is an absolute path`;
  if (path.includes('\\') || /\p{Cc}/u.test(path)) {
    return `${shown(path)} holds a character that no file name may have`;
  }
  for (const name of path.split('/')) {
    if (name === '..' || name === '.') return `${shown(path)} leads out of its folder`;
    if (name === '__proto__') return `${shown(path)} holds a name that is reserved`;
    if (name === '') return `${shown(path)} holds an empty name`;
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
      return `a name in ${shown(path)} is longer than ${MAX_NAME_BYTES} bytes`;
    }
  }
  return null;
}

/** Whether a file or a folder on its way is hidden: such files are no part of a model. */
export function isHidden(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.') && name !== '.' && name !== '..');
}

function shown(path: string): string {
  return JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
}
