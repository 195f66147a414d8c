/** A small, quick, repeatable source of numbers (xorshift32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not give neighbouring numbers.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
    for (let i = 0; i < 8; i++) this.bits();
  }

  /** 32 random bits as a whole number from 0. */
  bits(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor((this.bits() / 0x1_0000_0000) * limit);
  }

  /** A number from -1 to 1, with a triangular distribution around 0. */
  centred(): number {
    return (this.bits() + this.bits()) / 0x1_0000_0000 - 1;
  }
}
