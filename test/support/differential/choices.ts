/**
 * A tape of numbers that a generator makes its choices by. Where it ends, or is zero, the first and
 * simplest choice is made: a shorter tape of smaller numbers stands for a simpler value, and so
 * fast-check shrinks whatever is made of one.
 */
export class Choices {
  readonly #tape: readonly number[];
  #at = 0;
  /** How many mistakes are still to be made. */
  #mistakes = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  /** A whole number from 0 up to, but without, `end`. */
  below(end: number): number {
    return (this.#tape[this.#at++] ?? 0) % end;
  }

  /** Whether something happens that does in `percent` of all cases; never where the tape has ended. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  /** Lets {@link mistake} happen, so many times. Without it nothing is wrong with what is made. */
  allowMistakes(count: number): void {
    this.#mistakes = count;
  }

  /** Whether to make a mistake. */
  mistake(): boolean {
    if (this.#mistakes === 0 || !this.chance(12)) return false;
    this.#mistakes--;
    return true;
  }

  /** One of several. */
  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}
