/** Logits of one row, and the place of the class that was right. */
export interface LabelledLogits {
  readonly logits: readonly number[];
  readonly label: number;
}

/** Range in which a temperature is looked for. */
const RANGE = { least: 0.05, most: 20 } as const;

/** Halvings, more or less, of that range. */
const STEPS = 60;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature with the least negative log-likelihood (Guo, Pleiss, Sun, Weinberger: On
 * Calibration of Modern Neural Networks, ICML 2017), by golden-section search over its logarithm.
 *
 * @param rows that the model has not learnt from
 */
export function fitTemperature(rows: readonly LabelledLogits[]): number {
  let [low, high] = [Math.log(RANGE.least), Math.log(RANGE.most)];
  const loss = (x: number): number => negativeLogLikelihood(rows, Math.exp(x));
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [lossLeft, lossRight] = [loss(left), loss(right)];
  for (let step = 0; step < STEPS; step++) {
    if (lossLeft < lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - GOLDEN * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + GOLDEN * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}

function negativeLogLikelihood(rows: readonly LabelledLogits[], temperature: number): number {
  let sum = 0;
  for (const { logits, label } of rows) {
    const peak = Math.max(...logits);
    let total = 0;
    for (const logit of logits) total += Math.exp((logit - peak) / temperature);
    sum += Math.log(total) - ((logits[label] ?? -Infinity) - peak) / temperature;
  }
  return sum / rows.length;
}
