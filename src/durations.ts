/**
 * A duration as clients are told it: three decimals, which are microseconds of milliseconds. More of
 * them are noise, and bytes of every answer.
 */
export function threeDecimals(duration: number): number {
  return Math.round(duration * 1000) / 1000;
}
