import path from 'node:path';

/**
 * What an inference library says, fit for operators: one line, without paths of this machine or of
 * the one that the library was built on.
 *
 * @param file path of the model, which is shown by its name alone
 */
export function engineMessage(thrown: unknown, file: string): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return (
    text
      .replaceAll(file, path.basename(file))
      .replaceAll(path.dirname(file), '.')
      // What is left of absolute paths, with the line number of a source file.
      .replaceAll(/(?:\/[\w.@+-]+){2,}(?::\d+)?/g, (found) => path.basename(found))
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 400)
  );
}
