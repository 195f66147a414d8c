/**
 * A failure in words for operators, fit for `health`: one line, without absolute paths or stacks.
 *
 * @param directory folder of the model, cut from paths
 */
export function messageForOperator(error: unknown, directory: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const text = [error, cause]
    .filter((part) => part instanceof Error)
    .map((part) => part.message.split('\n')[0] ?? '')
    .join(' ');
  return (text || String(error))
    .replaceAll(`${directory}/`, '')
    .replaceAll(directory, '')
    .replaceAll(/(?:\/[\w.@+-]+){2,}\//g, '')
    .slice(0, 500);
}
