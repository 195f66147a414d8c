import { featureKey, type FeatureRow, type FeatureSpec, type FeatureValue } from './features.ts';
import { binsOf, specOf, type Profile } from './profile.ts';
import { unseenShare } from './statistics.ts';
import { layoutOf, type Tally, type TallyLayout } from './tally.ts';
import { Judge } from './verdicts.ts';
import { Windows } from './windows.ts';

/** Of whom predictions are counted in the bins of another version. */
export interface BesideOptions {
  /** Profile of the version that serves, whose bins are used. */
  readonly stable: Profile;
  /** Names that profile among replicas. */
  readonly digest: string;
  /** Profile of the version itself. @default none */
  readonly own: Profile | undefined;
  readonly specs: readonly FeatureSpec[];
  readonly windowRows: number;
}

/**
 * Counts the predictions of a canary in the bins of the version that serves, so that both can be held
 * against each other: what one gets and predicts now against what the other does.
 */
export class Beside {
  /** Names the profile of the serving version among replicas. */
  readonly digest: string;
  readonly windows: Windows;
  readonly layout: TallyLayout;
  readonly #stable: Profile;
  readonly #places: readonly number[];
  readonly #row: FeatureValue[] = [];

  constructor({ stable, digest, own, specs, windowRows }: BesideOptions) {
    this.digest = digest;
    this.#stable = stable;
    this.layout = layoutOf(stable.features.map(binsOf));
    this.windows = new Windows(this.layout, windowRows);
    const places = new Map(specs.map((spec, i) => [featureKey(spec), i]));
    const isAlike = knowledge(own) === knowledge(stable);
    this.#places = stable.features.map((feature) =>
      isAlike || !NEEDS_KNOWLEDGE.test(feature.name)
        ? (places.get(featureKey(specOf(feature))) ?? -1)
        : -1,
    );
  }

  /** Counts a prediction. */
  add(row: FeatureRow, confidence: number | null): void {
    for (let i = 0; i < this.#places.length; i++) this.#row[i] = row[this.#places[i] ?? -1];
    this.windows.add(this.#row, confidence);
  }

  /** Judges by the counts of the serving version instead of those of its profile. */
  judgeOf(reference: Tally): Judge {
    const features = this.#stable.features.map((feature, i) => {
      const counts = reference.of(i);
      return { ...feature, counts: [...counts], unseen: unseenShare(binsOf(feature), counts) };
    });
    return new Judge({ ...this.#stable, features });
  }
}

/** Measures that depend on what a profile knows: two that know other words count differently. */
const NEEDS_KNOWLEDGE = /^text\.unknown_words$|\.distance$/;

const knowledge = (profile: Profile | undefined): string =>
  JSON.stringify([profile?.vocabulary, profile?.centroids]);
