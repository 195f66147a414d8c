import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ManifestError, type Manifest } from './manifest.ts';

/**
 * Labels that the manifest lists, or the lines of the file that it names (of `labels.txt` where it
 * names none) in the folder of the version or of the model.
 *
 * @returns `null` where there are none
 * @throws {ManifestError} for a file that is missing, leads elsewhere, or repeats a label
 */
export async function readLabels(
  modelDirectory: string,
  directory: string,
  manifest: Manifest,
): Promise<readonly string[] | null> {
  const declared = 'labels' in manifest.output ? manifest.output.labels : undefined;
  if (Array.isArray(declared)) return declared;
  const file = declared ?? 'labels.txt';
  if (path.basename(file) !== file) {
    throw new ManifestError(
      `model.yaml, output.labels: "${file}" must be the name of a file beside model.yaml`,
    );
  }
  for (const folder of new Set([directory, modelDirectory])) {
    const text = await readIfThere(path.join(folder, file));
    if (text !== null) return parseLabels(text, file);
  }
  if (declared === undefined) return null;
  throw new ManifestError(`model.yaml, output.labels: there is no file "${file}"`);
}

/** One label a line; blank lines are allowed only at the end. */
function parseLabels(text: string, file: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const seen = new Set<string>();
  for (const [i, line] of lines.entries()) {
    if (line === '') throw new ManifestError(`${file}, line ${i + 1}: expected a label`);
    if (seen.has(line)) {
      throw new ManifestError(`${file}, line ${i + 1}: the label "${line}" appears twice`);
    }
    seen.add(line);
  }
  return lines;
}

/** Text of a file, or `null` when it does not exist. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new ManifestError(`${path.basename(file)} cannot be read (${code ?? 'unknown error'})`);
  }
}
