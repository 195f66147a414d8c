import path from 'node:path';
import { parse } from 'yaml';
import { embedExampleFiles } from './examples.ts';
import { readHuggingFace } from './hugging-face.ts';
import { readIfThere } from './labels.ts';
import { ManifestError, parseManifest, type Manifest } from './manifest.ts';
import type { ModelFolder } from './model-folder.ts';
import { findAssets } from './read-version.ts';

/**
 * Reads the manifest of a model. Sections that `model.yaml` lacks are told by the files of the
 * newest version.
 *
 * @param versions names of the version folders, oldest first
 * @throws {ManifestError} naming file, key and what is allowed
 */
export async function readManifest(
  directory: string,
  versions: readonly string[],
): Promise<{ manifest: Manifest; inferred: ModelFolder['inferred'] }> {
  const content = await readYaml(path.join(directory, 'model.yaml'));
  const given = typeof content === 'object' && content !== null ? content : {};
  const newest = path.join(directory, versions.at(-1) ?? '');
  const inferred = { input: !('input' in given), output: !('output' in given) };
  const assets = await findAssets(directory, newest);
  const isTokenized = assets.tokenizer !== null && (inferred.input || inferred.output);
  const files = isTokenized ? await readHuggingFace([newest, directory], assets) : null;
  const manifest = parseManifest(content, files?.sections);
  return { manifest: await embedExampleFiles(directory, manifest), inferred };
}

async function readYaml(file: string): Promise<unknown> {
  const text = await readIfThere(file);
  if (text === null) return undefined;
  try {
    return parse(text) as unknown;
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : '';
    throw new ManifestError(`model.yaml is not valid YAML: ${why}`);
  }
}
