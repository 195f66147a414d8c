/** Kinds of output. */
export const OUTPUT_KINDS = [
  'classification',
  'multi-label',
  'regression',
  'embedding',
  'tensors',
] as const;

/** Kind of output. */
export type OutputKind = (typeof OUTPUT_KINDS)[number];
