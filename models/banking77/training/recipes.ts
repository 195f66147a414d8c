import type { NetworkOptions } from './network.ts';

/** How a version of the model is made. */
export interface Recipe {
  summary: string;
  /** Networks trained from different seeds, whose logits are averaged. */
  members: number;
  network: Omit<NetworkOptions, 'buckets' | 'classes' | 'seed'>;
}

/** The recipes by version. */
export const recipes: Readonly<Record<string, Recipe>> = {
  1: {
    summary: 'one 64-wide network',
    members: 1,
    network: {
      width: 64,
      epochs: 12,
      batch: 32,
      rate: 0.005,
      dropout: 0.5,
      smoothing: 0.1,
      minTexts: 1,
    },
  },
};
