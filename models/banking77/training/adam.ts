/** Weights under training: their values, their gradient, and the two moments that Adam keeps. */
export class Weights {
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;

  constructor(size: number, initial: () => number) {
    this.values = new Float32Array(size);
    for (let i = 0; i < size; i++) this.values[i] = initial();
    this.gradient = new Float32Array(size);
    this.#mean = new Float32Array(size);
    this.#square = new Float32Array(size);
  }

  /**
   * One step of Adam over a part of the weights, whose gradient is cleared by it. Embedding rows are
   * stepped only when a batch has touched them ("lazy Adam"), without correction of the moments'
   * bias: the warm-up of the learning rate does its work.
   */
  step(from: number, to: number, rate: number): void {
    const { values, gradient } = this;
    const mean = this.#mean;
    const square = this.#square;
    for (let i = from; i < to; i++) {
      const g = gradient[i]!; // i is in bounds here and below
      const m = mean[i]! * 0.9 + g * 0.1;
      const s = square[i]! * 0.999 + g * g * 0.001;
      mean[i] = m;
      square[i] = s;
      values[i]! -= (rate * m) / (Math.sqrt(s) + 1e-7);
      gradient[i] = 0;
    }
  }
}
