import { z } from 'zod';
import { DRIFT_WINDOWS, type DriftWindow } from '../../services/drift.ts';
import type { ReplicaStore } from '../cluster-metrics.ts';
import type { TallyJson } from './tally.ts';

/** What a replica shows of one version. */
interface ShownVersion {
  readonly digest: string;
  readonly windows: Readonly<Record<DriftWindow, TallyJson>>;
}

const number = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const tally = z.object({
  totals: z.array(number).length(3),
  counts: z.base64(),
  seen: z.base64(),
  least: z.array(z.number().nullable()),
  most: z.array(z.number().nullable()),
});

const pageSchema = z.object({
  version: z.literal(1),
  versions: z.array(
    z.object({ digest: z.string(), windows: z.object({ RECENT: tally, HOUR: tally, DAY: tally }) }),
  ),
});

/** Time for which a page is shown, in milliseconds: longer than between two of them. */
const PAGE_MS = 10_000;

/** Options of {@link DriftReplicas}. */
export interface DriftReplicasOptions {
  readonly store: ReplicaStore;
  /** Name of this replica among the others. */
  readonly replicaId: string;
}

/**
 * Shows the counts of this replica to the others, and knows theirs as of the last look. Without the
 * store each stands alone.
 */
export class DriftReplicas {
  readonly #store: ReplicaStore;
  readonly #id: string;
  #others: readonly ShownVersion[] = [];

  constructor({ store, replicaId }: DriftReplicasOptions) {
    this.#store = store;
    this.#id = replicaId;
  }

  /**
   * Shows what this replica has counted, and looks at what the others show. Never rejects.
   *
   * @param own the counts of each version that is watched
   */
  async exchange(
    own: Iterable<{ digest: string; show: (window: DriftWindow) => TallyJson | undefined }>,
  ): Promise<void> {
    const versions = Array.from(own, ({ digest, show }) => ({
      digest,
      windows: Object.fromEntries(DRIFT_WINDOWS.map((window) => [window, show(window)])),
    }));
    const page = Buffer.from(JSON.stringify({ version: 1, versions }));
    await this.#store.publish(this.#id, page, PAGE_MS);
    const pages = (await this.#store.readAll()) ?? new Map<string, Uint8Array>();
    this.#others = [...pages].flatMap(([id, bytes]) => (id === this.#id ? [] : readPage(bytes)));
  }

  /** What the other replicas have counted of a version with the same profile. */
  of(digest: string, window: DriftWindow): TallyJson[] {
    return this.#others
      .filter((each) => each.digest === digest)
      .map((each) => each.windows[window]);
  }

  /** Leaves the fleet. */
  async close(): Promise<void> {
    await this.#store.remove(this.#id);
    this.#store.close();
  }
}

/** Empty for what is not ours, or of another version of the server. */
function readPage(bytes: Uint8Array): readonly ShownVersion[] {
  try {
    return pageSchema.parse(JSON.parse(Buffer.from(bytes).toString())).versions;
  } catch {
    return [];
  }
}
