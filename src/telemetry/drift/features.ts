import type { FeatureSource } from '../../services/drift.ts';

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
 * prediction), `null` where it is missing, or `undefined` where it was not measured.
 */
export type FeatureValue = string | number | boolean | readonly string[] | null | undefined;

/** Values of one prediction, in the order of the features. */
export type FeatureRow = readonly FeatureValue[];

/** Identifies a feature: a column may have the name of something measured of the prediction. */
export function featureKey({ source, name }: Pick<FeatureSpec, 'name' | 'source'>): string {
  return `${source}:${name}`;
}
