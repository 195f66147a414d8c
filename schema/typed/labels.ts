import type { Builder } from '../builder.ts';
import { enumValueName, uniqueNames } from './names.ts';

/** Enums over this size help nobody; labels are then plain strings. */
const MAX_ENUM_VALUES = 5_000;

/**
 * Defines an enum of labels or categories.
 *
 * @param name name of the enum
 * @param values what the enum values stand for inside the server
 * @returns the enum, or `'String'` where the values cannot be told apart as GraphQL names
 */
export function defineLabelEnum(
  builder: Builder,
  name: string,
  values: readonly (string | number | boolean)[],
  description: string,
) {
  const names = uniqueNames(values.map(String), enumValueName);
  if (!names || names.length > MAX_ENUM_VALUES || values.length === 0) return null;
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(
      names.map((key, i) => {
        const value = String(values[i]);
        return [key, key === value ? { value } : { value, description: `"${value}"` }];
      }),
    ),
  });
}

/** An enum of labels, or `null` where labels stay strings. */
export type LabelEnum = ReturnType<typeof defineLabelEnum>;
