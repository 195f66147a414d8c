import type { NetworkOptions } from './network.ts';

/** How a version of the model is made. */
export interface Recipe {
  summary: string;
  /** Networks trained from different seeds, whose logits are averaged. */
  members: number;
  network: Omit<NetworkOptions, 'buckets' | 'classes' | 'seed'>;
}

const common = { batch: 32, rate: 0.005, dropout: 0.5, smoothing: 0.1 };

/** The recipes by version. */
export const recipes: Readonly<Record<string, Recipe>> = {
  1: {
    summary: 'one linear network, 64 wide',
    members: 1,
    network: { ...common, width: 64, hidden: 0, hiddenDropout: 0, epochs: 12 },
  },
  2: {
    summary: 'four networks of 48, each with 192 hidden units, made one',
    members: 4,
    network: { ...common, width: 48, hidden: 192, hiddenDropout: 0.5, epochs: 16 },
  },
};
