/** Weight that an `Accept` header gives to each media type that it names, in lower case. */
export function parseAccept(header: string | undefined): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const range of header?.split(',') ?? []) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    if (type !== '' && weight > 0) weights.set(type, weight);
  }
  return weights;
}

/**
 * The type of `offered` that an `Accept` header names with the greatest weight; of equals the one
 * offered first. Wildcards are not counted: they say nothing about what is wanted.
 */
export function preferredType<T extends string>(
  header: string | undefined,
  offered: readonly T[],
): T | undefined {
  const weights = parseAccept(header);
  let best: T | undefined;
  let bestWeight = 0;
  for (const type of offered) {
    const weight = weights.get(type) ?? 0;
    if (weight > bestWeight) {
      best = type;
      bestWeight = weight;
    }
  }
  return best;
}
