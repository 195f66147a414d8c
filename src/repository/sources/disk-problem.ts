import { SourceError } from './source.ts';

/** Errors of the disk in words, without paths. */
export function diskProblem(error: unknown, file: string): unknown {
  if (error instanceof SourceError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SourceError(`${file} does not fit on the disk`, { cause: error });
  }
  return code === undefined
    ? error
    : new SourceError(`${file} cannot be written (${code})`, { cause: error });
}
