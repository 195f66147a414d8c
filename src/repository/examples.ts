import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ManifestError, type Manifest } from './manifest.ts';

/** Largest example file: examples are part of the API's documentation. */
const MAX_BYTES = 64 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};

/**
 * Puts the files that a manifest's examples name (`image: examples/seven.png`) in their place, as
 * data URLs, so that an example is an input that any client can send.
 *
 * @param directory folder of the model; files outside it are refused
 * @throws {ManifestError} naming the example and what is wrong with its file
 */
export async function embedExampleFiles(directory: string, manifest: Manifest): Promise<Manifest> {
  if (!manifest.examples.some(({ input }) => fileOf(input.image) !== null)) return manifest;
  const examples = await Promise.all(
    manifest.examples.map(async (example, i) => {
      const file = fileOf(example.input.image);
      if (file === null) return example;
      const image = await readAsDataUrl(directory, file, `model.yaml, examples.${i}.input.image`);
      return { ...example, input: { ...example.input, image } };
    }),
  );
  return { ...manifest, examples };
}

/** Name of a file, or `null` for data: base64 has no dots, a data URL has its own beginning. */
function fileOf(image: unknown): string | null {
  if (typeof image !== 'string' || image.startsWith('data:')) return null;
  return TYPES[path.extname(image).toLowerCase()] === undefined ? null : image;
}

async function readAsDataUrl(directory: string, file: string, key: string): Promise<string> {
  const root = await realpath(directory);
  // Links are followed first: a link that leads out of the folder is as good as "..".
  const target = await realpath(path.resolve(root, file)).catch(() => null);
  if (target === null) throw new ManifestError(`${key}: there is no file "${file}"`);
  if (!target.startsWith(root + path.sep)) {
    throw new ManifestError(`${key}: "${file}" leads out of the model's folder`);
  }
  const { size } = await stat(target);
  if (size > MAX_BYTES) {
    throw new ManifestError(
      `${key}: "${file}" has ${size} bytes; at most ${MAX_BYTES} are allowed`,
    );
  }
  const type = TYPES[path.extname(file).toLowerCase()] ?? '';
  return `data:${type};base64,${(await readFile(target)).toString('base64')}`;
}
