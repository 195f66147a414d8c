import { access } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { FileDigests } from './file-digests.ts';
import { readHuggingFace } from './hugging-face.ts';
import { readIfThere, readLabels } from './labels.ts';
import { ManifestError, type Manifest } from './manifest.ts';
import { type RemoteManifest, remoteSection } from './manifest/remote.ts';
import { digestOf, ENTRIES, findEntry, listFiles, type ModelEntry } from './model-files.ts';
import type { VersionAssets, VersionFolder } from './model-folder.ts';
import { exportAdvice } from './stray-files.ts';

/** Stands for the version whose files are those of the model's folder itself; served as "1". */
export const TOP_LEVEL_VERSION = '';

const ASSET_FILES = {
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  config: 'config.json',
  sentenceConfig: 'sentence_bert_config.json',
} as const satisfies Record<keyof VersionAssets, string>;

/**
 * Reads one version of a model.
 *
 * @param folder name of its folder, or {@link TOP_LEVEL_VERSION}
 * @param digests remembers those of files that have not changed
 * @throws {ManifestError} when it holds no model, or a file beside it is not what it should be
 */
export async function readVersion(
  modelDirectory: string,
  folder: string,
  manifest: Manifest,
  digests: FileDigests,
): Promise<VersionFolder> {
  const directory = path.join(modelDirectory, folder);
  const version = folder === TOP_LEVEL_VERSION ? '1' : folder;
  const files = await listFiles(directory);
  const remote =
    manifest.runtime === 'remote' ? await readRemote(directory, folder, manifest) : undefined;
  const entry = remote ? REMOTE_ENTRY : findLocalEntry(folder, files, manifest);
  const assets = await findAssets(modelDirectory, directory);
  const labels =
    (await readLabels(modelDirectory, directory, manifest)) ??
    (hasClasses(manifest)
      ? (await readHuggingFace([directory, modelDirectory], assets)).labels
      : null);
  // What the engine computes is not told by files: those of the folder only name labels and the like.
  const digested = new Map(
    remote ? [] : files.map((file) => [file, path.join(directory, file)] as const),
  );
  for (const file of Object.values(assets) as (string | null)[]) {
    if (file !== null) digested.set(path.basename(file), file);
  }
  return {
    version,
    directory,
    engine: entry.engine,
    entry: path.join(directory, entry.folder ? path.dirname(entry.file) : entry.file),
    remote,
    labels,
    assets,
    digest: await digestOf(
      [
        manifest.input,
        manifest.output,
        manifest.options,
        labels,
        entry.file,
        ...(remote ? [remote] : []),
      ],
      digested,
      digests,
    ),
  };
}

/** A `config.json` of another make is none of our business unless labels are wanted. */
const hasClasses = ({ output }: Manifest): boolean =>
  output.kind === 'classification' || output.kind === 'multi-label';

/** Finds the files that codecs may need: those of the version, else those of the model. */
export async function findAssets(
  modelDirectory: string,
  directory: string,
): Promise<VersionAssets> {
  const find = async (name: string): Promise<string | null> => {
    for (const folder of new Set([directory, modelDirectory])) {
      const file = path.join(folder, name);
      try {
        await access(file);
        return file;
      } catch {
        continue;
      }
    }
    return null;
  };
  const [tokenizer, tokenizerConfig, config, sentenceConfig] = await Promise.all([
    find(ASSET_FILES.tokenizer),
    find(ASSET_FILES.tokenizerConfig),
    find(ASSET_FILES.config),
    find(ASSET_FILES.sentenceConfig),
  ]);
  return { tokenizer, tokenizerConfig, config, sentenceConfig };
}

/** Stands for the files of a model that another server has. */
const REMOTE_ENTRY = { engine: 'remote', file: '.', folder: true } as const;

function findLocalEntry(folder: string, files: readonly string[], manifest: Manifest): ModelEntry {
  const { file, runtime } = manifest;
  const entry = findEntry(files, { file, runtime: runtime === 'remote' ? undefined : runtime });
  if (!entry) throw new ManifestError(nothingFound(folder, files, manifest));
  return entry;
}

/** Where the engine of a version is: what `remote.yaml` of the version says, else `model.yaml`. */
async function readRemote(
  directory: string,
  folder: string,
  { remote }: Manifest,
): Promise<RemoteManifest> {
  const text =
    folder === TOP_LEVEL_VERSION ? null : await readIfThere(path.join(directory, 'remote.yaml'));
  if (text === null) {
    if (remote) return remote;
    throw new ManifestError('model.yaml, remote: missing; runtime: remote needs its url');
  }
  let own: unknown;
  try {
    own = parse(text) as unknown;
  } catch {
    throw new ManifestError('remote.yaml is not valid YAML');
  }
  const parsed = remoteSection.safeParse({ ...remote, ...(own as object | null) });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: key, message }) => {
    const name = key.length > 0 ? key.map(String).join('.') : 'the file';
    return `remote.yaml, ${name}: ${message.replace(/^Invalid (?:input|option): /, '')}`;
  });
  throw new ManifestError(problems.join('; '));
}

function nothingFound(
  folder: string,
  files: readonly string[],
  { file, runtime }: Manifest,
): string {
  const where =
    folder === TOP_LEVEL_VERSION ? 'no model found' : `version ${folder} holds no model`;
  if (file !== undefined) {
    return `${where}: model.yaml names the file "${file}", which is not there or not for runtime ${runtime ?? 'tfjs or onnx'}`;
  }
  const names = ENTRIES.filter(({ engine }) => (runtime ?? engine) === engine).map((e) => e.file);
  const place = folder === TOP_LEVEL_VERSION ? ' here or in a folder such as 1/' : '';
  const [advice] = files.map(exportAdvice).filter((each) => each !== undefined);
  return `${where}: expected ${names.join(' or ')}${place}${advice === undefined ? '' : `; ${advice}`}`;
}
