/**
 * How names of models, columns, tensors and labels become GraphQL names. The rules are stable and
 * documented in docs/typed-api.md: a schema must not change when a model is added beside another.
 */

const GRAPHQL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Words of a name: runs of letters and digits, split at humps (`billLength` → bill, Length). */
function words(name: string): string[] {
  const ascii = name.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return ascii
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const safeStart = (name: string): string => (/^\d/.test(name) ? `_${name}` : name);

/** `bill_length_mm` → `billLengthMm`; `null` where no letter or digit is left. */
export function fieldName(name: string): string | null {
  const [first, ...rest] = words(name);
  if (first === undefined) return null;
  const head = first.charAt(0).toLowerCase() + first.slice(1);
  return safeStart([head, ...rest.map(capital)].join(''));
}

/** `bank-intents` → `BankIntents`; `null` where no letter or digit is left. */
export function typeName(name: string): string | null {
  const parts = words(name);
  return parts.length === 0 ? null : safeStart(parts.map(capital).join(''));
}

/**
 * Name of a label as an enum value: the label itself where GraphQL allows it, else with each run of
 * illegal characters as `_` (none at the ends) and `_` before a leading digit: `7` → `_7`,
 * `reverted_card_payment?` → `reverted_card_payment`. `null` where nothing is left.
 */
export function enumValueName(label: string): string | null {
  if (GRAPHQL_NAME.test(label) && !isReservedValue(label)) return label;
  const parts = label
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9_]+/)
    .filter((part) => part !== '');
  if (parts.length === 0) return null;
  const joined = safeStart(parts.join('_'));
  return isReservedValue(joined) ? `${joined.replace(/^_+/, '')}_` : joined;
}

/** GraphQL keeps these for itself. */
function isReservedValue(name: string): boolean {
  return name === 'true' || name === 'false' || name === 'null' || name.startsWith('__');
}

/**
 * Names for a list of things, in order.
 *
 * @returns `null` where one has no name or two share one: then the list cannot be typed
 */
export function uniqueNames(
  things: readonly string[],
  nameOf: (thing: string) => string | null,
): string[] | null {
  const names = things.map(nameOf);
  const known = names.filter((name) => name !== null);
  return known.length === things.length && new Set(known).size === known.length ? known : null;
}
