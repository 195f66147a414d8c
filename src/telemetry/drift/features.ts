/** Where a feature is taken from. */
export const FEATURE_SOURCES = ['input', 'prediction'] as const;

/** Source of a feature. */
export type FeatureSource = (typeof FEATURE_SOURCES)[number];

/** How the values of a feature are counted: in bins, or one by one. */
export type FeatureKind = 'numeric' | 'categorical';

/** One thing that is watched of every prediction. */
export interface FeatureSpec {
  /** Name of a column, or of what was measured, such as `text.length`. */
  readonly name: string;
  readonly source: FeatureSource;
  readonly kind: FeatureKind;
}

/**
 * Value of a feature: a number, a category, several categories (the labels of a multi-label
 * prediction), or `null` where it is missing.
 */
export type FeatureValue = string | number | boolean | readonly string[] | null;

/** Values of one prediction, in the order of the features. */
export type FeatureRow = readonly FeatureValue[];

/** Identifies a feature: a column may have the name of something measured of the prediction. */
export function featureKey({ source, name }: Pick<FeatureSpec, 'name' | 'source'>): string {
  return `${source}:${name}`;
}
