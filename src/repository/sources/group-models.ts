import { ENTRIES } from '../model-files.ts';
import { MAX_FILES, MAX_MODELS } from './limits.ts';
import { Pacer } from './pacer.ts';
import { isHidden, pathProblem } from './safe-path.ts';
import { type RefusedModel, SourceError } from './source.ts';

/** Names that a folder of models may have; {@link ModelRepository} takes no others. */
export const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** What the files of a source make. */
export interface GroupedModels<F> {
  /** Files by model; their paths are relative to the model's folder. */
  readonly models: ReadonlyMap<string, readonly F[]>;
  readonly refused: readonly RefusedModel[];
}

const TOP_LEVEL = new Set(['model.yaml', ...ENTRIES.map(({ file }) => file)]);

/** Whether files at the top make the whole a single model: a manifest, a model, a version. */
async function isSingleModel(
  files: Iterable<{ readonly path: string }>,
  pacer: Pacer,
): Promise<boolean> {
  for (const { path } of files) {
    if (pacer.isDue) await pacer.giveWay();
    if (/^\d{1,18}\/./.test(path)) return true;
    if (!path.includes('/') && (TOP_LEVEL.has(path) || path.endsWith('.onnx'))) return true;
  }
  return false;
}

/**
 * Divides the files of a source among its models: each folder at the top is one, unless the files
 * at the top are those of a model themselves.
 *
 * @param files with paths relative to the source
 * @param options.name takes all of them as one model of this name
 * @param options.nameAtTop name of a model whose files are at the top
 * @param options.rename gives a file with another path
 * @throws {SourceError} when there are more models than a source may have
 */
export async function groupModels<F extends { readonly path: string }>(
  files: readonly F[],
  options: {
    readonly name?: string | undefined;
    readonly nameAtTop: string;
    rename(file: F, path: string): F;
  },
): Promise<GroupedModels<F>> {
  const pacer = new Pacer();
  const single =
    options.name ?? ((await isSingleModel(files, pacer)) ? options.nameAtTop : undefined);
  const models = new Map<string, F[]>();
  const problems = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const file of files) {
    if (pacer.isDue) await pacer.giveWay();
    const slash = file.path.indexOf('/');
    if (single === undefined && slash < 0) continue;
    const name = single ?? file.path.slice(0, slash);
    const path = single === undefined ? file.path.slice(slash + 1) : file.path;
    if (path === '' || path.endsWith('/')) continue;
    const problem = MODEL_NAME.test(name)
      ? pathProblem(path)
      : `the name ${JSON.stringify(name.slice(0, 128))} is not allowed: letters, digits, ".", "_" and "-", at most 128`;
    if (problem !== null) {
      if (isHidden(name) && !isClimbing(name)) continue;
      problems.set(name, problem);
      if (problems.size > MAX_MODELS) throw tooManyModels();
      continue;
    }
    if (isHidden(path)) continue;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (count > MAX_FILES) {
      problems.set(name, `it has more than ${MAX_FILES} files`);
      models.delete(name);
      continue;
    }
    const group = models.get(name);
    if (group) group.push(options.rename(file, path));
    else if (models.size < MAX_MODELS) models.set(name, [options.rename(file, path)]);
    else throw tooManyModels();
  }
  for (const [name, group] of models) {
    if (pacer.isDue) await pacer.giveWay();
    const clash = clashOf(group.map(({ path }) => path));
    if (clash !== null) problems.set(name, clash);
  }
  for (const name of problems.keys()) models.delete(name);
  return {
    models,
    refused: Array.from(problems, ([name, problem]) => ({ name, problem })),
  };
}

const tooManyModels = (): SourceError =>
  new SourceError(`it holds more than ${MAX_MODELS} models: name a longer prefix, or one model`);

const isClimbing = (name: string): boolean => name === '.' || name === '..';

/** A name that is a file and a folder at once, or twice a file. */
function clashOf(paths: readonly string[]): string | null {
  const files = new Set<string>();
  for (const path of paths) {
    if (files.has(path)) return `the file ${JSON.stringify(path)} is there twice`;
    files.add(path);
  }
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash);
      if (files.has(folder)) return `${JSON.stringify(folder)} is a file and a folder at once`;
    }
  }
  return null;
}
