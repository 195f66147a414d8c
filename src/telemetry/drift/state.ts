import type { DriftState } from '../../services/drift.ts';

/** Severity from which a single look is enough for {@link DriftState} `DRIFT`. */
export const SURE = 2;

/** Severity below which a state ends: less than what it began with, so that it does not flicker. */
const CALM = 0.8;

/** Looks, each with new predictions, that a change of state needs where it is not sure at once. */
const LOOKS = 2;

/**
 * Passes from state to state: `WARNING` where a threshold is exceeded, `DRIFT` where it is far
 * exceeded or stays so, `NONE` again only when all has stayed well below for a while.
 */
export class Hysteresis {
  #state: DriftState = 'NOT_ENOUGH_DATA';
  #breaches = 0;
  #calm = 0;

  get state(): DriftState {
    return this.#state;
  }

  /**
   * Takes the result of a look.
   *
   * @param severity largest of all tests; `null` where there are too few predictions
   * @param full whether it is the end of a part of the window, so that looks count as new ones
   * @returns the state now
   */
  look(severity: number | null, full: boolean): DriftState {
    if (severity === null) {
      this.#breaches = 0;
      this.#calm = 0;
      this.#state = 'NOT_ENOUGH_DATA';
    } else if (severity > 1) {
      this.#calm = 0;
      if (full) this.#breaches++;
      if (severity > SURE || this.#breaches >= LOOKS) this.#state = 'DRIFT';
      else if (this.#state !== 'DRIFT') this.#state = 'WARNING';
    } else {
      if (severity < CALM && full) this.#calm++;
      if (full) this.#breaches = 0;
      const isOver = this.#calm >= LOOKS || this.#state === 'NOT_ENOUGH_DATA';
      if (isOver) this.#state = 'NONE';
    }
    return this.#state;
  }
}
