/** Tells what a row of each model costs. */
export interface ModelCostReader {
  /** Cost of a row in microseconds of compute: a power of two. */
  weight(model: string): number;
}
