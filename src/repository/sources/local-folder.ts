import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { groupModels } from './group-models.ts';
import { MAX_OBJECTS } from './limits.ts';
import { type ModelSource, SourceError, type SourceFile, type SourceListing } from './source.ts';

/** Deepest folder that is looked into. */
const MAX_DEPTH = 32;

/** Options of {@link LocalFolderSource}. */
export interface LocalFolderOptions {
  /** A folder of models, of one model, or the file of a model. */
  readonly location: string;
  /** Takes the whole folder as one model. */
  readonly name?: string | undefined;
}

/** A folder or a file of this machine: a volume, a checkout. */
export class LocalFolderSource implements ModelSource {
  readonly label: string;
  readonly #options: LocalFolderOptions;

  constructor(options: LocalFolderOptions) {
    this.#options = options;
    this.label = options.location;
  }

  async list(): Promise<SourceListing> {
    const { location, name } = this.#options;
    const root = await realpath(location).catch((error: unknown) => {
      throw new SourceError(`${this.label} cannot be read (${codeOf(error)})`);
    });
    const info = await stat(root);
    const files: SourceFile[] = [];
    if (info.isFile()) files.push(fileOf(root, path.basename(location), info));
    else await collect(root, root, '', 0, files);
    const nameAtTop = nameOf(location, info.isFile());
    const { models, refused } = await groupModels(files, {
      name: name ?? (info.isFile() ? nameAtTop : undefined),
      nameAtTop,
      rename: (file, renamed) => ({ ...file, path: renamed }),
    });
    return { models: Array.from(models, ([model, its]) => ({ name: model, files: its })), refused };
  }
}

async function collect(
  root: string,
  directory: string,
  below: string,
  depth: number,
  files: SourceFile[],
): Promise<void> {
  if (depth > MAX_DEPTH) throw new SourceError(`${below} is deeper than ${MAX_DEPTH} folders`);
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    throw new SourceError(`${below || 'the folder'} cannot be read (${codeOf(error)})`);
  });
  for (const entry of entries) {
    // Volumes of Kubernetes keep their content in "..data" and link to it.
    if (entry.name.startsWith('.')) continue;
    const relative = below === '' ? entry.name : `${below}/${entry.name}`;
    const target = await realpath(path.join(directory, entry.name)).catch(() => null);
    if (target === null) throw new SourceError(`${relative} is a link to nothing`);
    if (target !== root && !target.startsWith(root + path.sep)) {
      throw new SourceError(`${relative} is a link that leads out of the folder`);
    }
    const info = await stat(target);
    if (info.isDirectory()) await collect(root, target, relative, depth + 1, files);
    else if (info.isFile()) files.push(fileOf(target, relative, info));
    if (files.length > MAX_OBJECTS) throw new SourceError(`it has more than ${MAX_OBJECTS} files`);
  }
}

function fileOf(
  target: string,
  relative: string,
  { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number },
): SourceFile {
  return {
    path: relative,
    size,
    tag: `${size}-${mtimeMs}`,
    open: () => Promise.resolve({ body: createReadStream(target) }),
  };
}

function nameOf(location: string, isFile: boolean): string {
  const absolute = path.resolve(location);
  const base = path.basename(absolute);
  if (!isFile) return base;
  const stem = base.replace(/\.[^.]+$/, '');
  // "resnet/model.onnx" is resnet.
  return stem === 'model' ? path.basename(path.dirname(absolute)) : stem;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
