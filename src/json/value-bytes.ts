/** Bytes of a number in JSON, on average, with its comma. */
const NUMBER_BYTES = 10;

/** Bytes of `true`, `false` or `null` with a comma. */
const WORD_BYTES = 5;

/** Estimates the bytes of a value in JSON, from the lengths of its texts and the number of its parts. */
export function estimateBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return value.length + 3;
    case 'number':
    case 'bigint':
      return NUMBER_BYTES;
    case 'object':
      return value === null ? WORD_BYTES : estimateParts(value);
    default:
      return WORD_BYTES;
  }
}

function estimateParts(value: object): number {
  if (Array.isArray(value)) {
    // Numbers are all of one size: a vector is not walked through.
    if (typeof value[0] === 'number') return value.length * NUMBER_BYTES;
    let bytes = 2;
    for (const item of value as readonly unknown[]) bytes += estimateBytes(item);
    return bytes;
  }
  let bytes = 2;
  for (const [key, item] of Object.entries(value)) bytes += key.length + 4 + estimateBytes(item);
  return bytes;
}
