import { statSync } from 'node:fs';
import path from 'node:path';

/** Where a model is: the folder of models, and its name in there. */
export interface ModelPath {
  readonly directory: string | undefined;
  readonly name: string;
}

/** Takes the name of a model, or the path of its folder. */
export function toModelPath(model: string, directory: string | undefined): ModelPath {
  const isPath = model.includes('/') || model.includes(path.sep) || model === '.';
  if (!isPath || !statSync(model, { throwIfNoEntry: false })?.isDirectory()) {
    return { directory, name: model };
  }
  const full = path.resolve(model);
  return { directory: path.dirname(full), name: path.basename(full) };
}
