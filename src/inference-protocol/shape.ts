import { badInput } from '../errors.ts';

/** Most dimensions of a tensor. */
export const MAX_RANK = 16;

/** Most elements of a tensor: more could not be in memory anyway. */
const MAX_ELEMENTS = 2 ** 31;

/**
 * Checks a shape from outside and counts its elements.
 *
 * @param what names the tensor in messages: `Input "x"`
 * @throws {ServiceError} `BAD_USER_INPUT` for sizes that are no whole numbers from 0 on, more than
 *   {@link MAX_RANK} dimensions, or a product that overflows
 */
export function countElements(what: string, shape: readonly number[]): number {
  if (shape.length > MAX_RANK) {
    throw badInput(`${what} has ${shape.length} dimensions; at most ${MAX_RANK} are allowed.`);
  }
  let count = 1;
  let isEmpty = false;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw badInput(
        `${what} has the shape [${shape.join(', ')}]; sizes are whole numbers from 0.`,
      );
    }
    if (size === 0) isEmpty = true;
    else count *= size;
    // With a size of 0 too: what cannot be counted is refused, whatever it comes to.
    if (count > MAX_ELEMENTS) {
      throw badInput(`${what} has the shape [${shape.join(', ')}], which is too large.`);
    }
  }
  return isEmpty ? 0 : count;
}
