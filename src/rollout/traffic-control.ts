import { ServiceError } from '../errors.ts';
import type { Manifest } from '../repository/manifest.ts';
import type { ModelEventKind, ModelEventSink } from '../services/model-events.ts';
import type { Traffic } from '../services/traffic.ts';
import { findBreach } from './guard.ts';
import { describeTraffic, ModelTraffic } from './model-traffic.ts';
import type { ObservedTraffic } from './rollout-observer.ts';
import type { RolloutVersion } from './rollout-version.ts';

/** A change of traffic, and why. */
export interface TrafficChange {
  /** `null` goes back to the manifest. */
  readonly traffic: Traffic | null;
  readonly kind: Extract<ModelEventKind, 'TRAFFIC_CHANGED' | 'ROLLED_BACK'>;
  /** Version that was rolled back, else `null`. */
  readonly version: string | null;
  readonly message: string;
}

/** What {@link TrafficControl} needs of its model. */
export interface TrafficControlOptions<V extends RolloutVersion> {
  readonly model: string;
  readonly versions: ReadonlyMap<string, V>;
  readonly serving: () => V | undefined;
  readonly events: ModelEventSink;
  /** Told of changes that were made here, by hand or by a guard, so that other replicas learn. */
  readonly onChange: (change: TrafficChange) => void;
}

/** Answers between two looks at the latencies of a canary, which cost more than the counts. */
const LOOK_EVERY = 16;

/**
 * Spreads the requests of one model over its versions, watches them while there is more than one,
 * and takes a canary out that crosses the limits of the manifest.
 */
export class TrafficControl<V extends RolloutVersion> implements ObservedTraffic {
  readonly #options: TrafficControlOptions<V>;
  readonly #traffic: ModelTraffic;
  #manifest: Manifest | undefined;
  #canaries: readonly string[] = [];
  #changes = 0;
  #comparing = false;

  constructor(options: TrafficControlOptions<V>) {
    this.#options = options;
    this.#traffic = new ModelTraffic(options.model);
  }

  /** How requests that name no version are spread. */
  get now(): Traffic {
    return this.#traffic.now;
  }

  /** Whether there is another version to compare with: a lone one is not counted. */
  get comparing(): boolean {
    return this.#comparing;
  }

  /** Names the manifest's traffic that a change is set over. */
  get base(): string {
    return this.#traffic.base;
  }

  /** The version of a name, which may be a label. */
  find(name: string): V | undefined {
    return this.#options.versions.get(this.#traffic.versionOf(name));
  }

  /** The version for a request that names none. */
  pick(key: string | undefined): V | undefined {
    return this.#traffic.pick(this.#options.versions, this.#options.serving(), key);
  }

  /**
   * Sets the traffic by hand, over what the manifest says, until it is set again or the manifest's
   * own traffic changes.
   *
   * @param traffic versions or labels; `null` goes back to the manifest
   * @throws {ServiceError} `BAD_USER_INPUT` for impossible shares; `MODEL_NOT_FOUND` for a version
   *   that is not in memory
   */
  set(traffic: Traffic | null): void {
    if (traffic) this.#check(traffic);
    this.#traffic.set(traffic);
    const change = { traffic, kind: 'TRAFFIC_CHANGED', version: null } as const;
    this.#changed({ ...change, message: this.#describe() });
  }

  /** Takes a change that was made on another replica, or before a restart. */
  adopt(change: TrafficChange): void {
    if (this.#traffic.set(change.traffic)) this.#announce(change);
  }

  /** Takes the manifest and the versions as they are now. */
  configure(manifest: Manifest): void {
    // Other limits are held against what comes from now on.
    const guard = JSON.stringify(manifest.traffic.guard);
    if (guard !== JSON.stringify(this.#manifest?.traffic.guard)) this.#canaries = [];
    this.#manifest = manifest;
    const rerouted = this.#traffic.configure(manifest);
    if (rerouted) {
      const change = { traffic: null, kind: 'TRAFFIC_CHANGED', version: null } as const;
      this.#announce({ ...change, message: this.#describe() });
    } else this.#watch();
  }

  shadowFor(answering: RolloutVersion, key: string | undefined): V | undefined {
    return this.#traffic.pickShadow(this.#options.versions, answering, key);
  }

  rivalOf({ version }: RolloutVersion): V | undefined {
    if (!this.#manifest?.traffic.guard || !this.#canaries.includes(version)) return undefined;
    return this.#options.serving();
  }

  changed(changed: RolloutVersion): void {
    const { version, stats } = changed;
    const guard = this.#manifest?.traffic.guard;
    if (!guard || !this.#canaries.includes(version)) return;
    // One that was replaced says nothing of what has its name now.
    if (this.#options.versions.get(version) !== changed) return;
    const lookAtLatency = ++this.#changes % LOOK_EVERY === 0;
    const stable = lookAtLatency ? this.#options.serving()?.stats.trial : undefined;
    const reason = findBreach(guard, stats.trial, stable);
    if (reason !== undefined) this.#rollBack(version, reason);
  }

  #rollBack(version: string, reason: string): void {
    const { split, shadow } = this.now;
    const traffic = { split: split.filter((share) => share.version !== version), shadow };
    this.#traffic.set(traffic);
    const message = `Version ${version} was rolled back: ${reason}. Now ${this.#describe()}.`;
    this.#changed({ traffic, kind: 'ROLLED_BACK', version, message });
  }

  #changed(change: TrafficChange): void {
    this.#announce(change);
    this.#options.onChange(change);
  }

  #announce({ kind, version, message }: TrafficChange): void {
    this.#watch();
    this.#options.events.emit({ kind, model: this.#options.model, version, message });
  }

  #watch(): void {
    const { versions, serving } = this.#options;
    this.#comparing = [...versions.values()].filter(({ live }) => live).length > 1;
    const canaries = this.now.split
      .map(({ version }) => version)
      .filter((version) => version !== serving()?.version);
    // A version that gets a share (again) is judged by what it does from now on, as is its rival.
    if (canaries.some((version) => !this.#canaries.includes(version))) {
      for (const { stats } of versions.values()) stats.beginTrial();
    }
    this.#canaries = canaries;
  }

  #describe(): string {
    return describeTraffic(this.now, this.#options.serving()?.version);
  }

  #check(traffic: Traffic): void {
    this.#traffic.check(traffic);
    const shares = traffic.shadow ? [...traffic.split, traffic.shadow] : traffic.split;
    const missing = shares.find(({ version }) => !this.find(version));
    if (!missing) return;
    const { model, versions } = this.#options;
    const known = [...versions.keys()];
    throw new ServiceError(
      'MODEL_NOT_FOUND',
      `Model "${model}" has no version "${missing.version}" in memory; there is: ${known.join(', ') || 'none'}. loadModel (POST /models/${model}/load) loads one that is on disk.`,
      { details: { model, versions: known } },
    );
  }
}
