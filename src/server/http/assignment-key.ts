/**
 * Reads the header `X-Assignment-Key`, which makes the choice of a version sticky. An empty one is
 * none.
 */
export function readAssignmentKey(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
