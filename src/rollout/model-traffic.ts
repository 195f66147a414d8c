import { badInput } from '../errors.ts';
import type { TrafficManifest } from '../repository/manifest/versions.ts';
import { compareVersions } from '../repository/model-repository.ts';
import type { Traffic } from '../services/traffic.ts';
import { pickVersion, placeOf } from './assignment.ts';

/** A version, as far as traffic goes. */
export interface TrafficTarget {
  readonly version: string;
  /** Set while it can answer. */
  readonly live: object | undefined;
}

/** The part of the manifest that traffic is made of. */
export interface TrafficSource {
  readonly traffic: TrafficManifest;
  readonly versions: { readonly labels: Readonly<Record<string, string>> };
}

/** Rounding that a sum of percents is allowed. */
const EPSILON = 1e-9;

/**
 * The traffic of one model: what the manifest says, or what was set over it by hand, by a guard or
 * on another replica.
 */
export class ModelTraffic {
  readonly #model: string;
  #source: TrafficSource | undefined;
  #override: Traffic | null = null;
  #now: Traffic = { split: [], shadow: null };

  constructor(model: string) {
    this.#model = model;
  }

  /** Shares by version, newest first: the order in which they lie for every replica. */
  get now(): Traffic {
    return this.#now;
  }

  /** What was set over the manifest, or `null`. */
  get override(): Traffic | null {
    return this.#override;
  }

  /** Names the manifest's own traffic: an override holds only over the one that it was set over. */
  get base(): string {
    return JSON.stringify(this.#source?.traffic ?? {});
  }

  /**
   * Takes the manifest. One with another traffic ends what was set by hand: the latest word counts.
   *
   * @returns whether the traffic is another now
   */
  configure(source: TrafficSource | undefined): boolean {
    const before = this.base;
    const first = this.#source === undefined;
    this.#source = source;
    if (!first && this.base !== before) this.#override = null;
    return this.#refresh();
  }

  /**
   * Sets the traffic over the manifest's; `null` goes back to that.
   *
   * @returns whether the traffic is another now
   */
  set(traffic: Traffic | null): boolean {
    this.#override = traffic;
    return this.#refresh();
  }

  /** The version of a name, which may be a label. */
  versionOf(name: string): string {
    return this.#source?.versions.labels[name] ?? name;
  }

  /**
   * The version for a request that names none.
   *
   * @param key makes the choice sticky; without one it is made anew for each request
   */
  pick<T extends TrafficTarget>(
    versions: ReadonlyMap<string, T>,
    serving: T | undefined,
    key: string | undefined,
  ): T | undefined {
    const { split } = this.#now;
    if (split.length === 0 || !serving) return serving;
    const place = key === undefined ? Math.random() : placeOf('split', this.#model, key);
    const version = versions.get(pickVersion(split, serving.version, place));
    return version?.live ? version : serving;
  }

  /** The version that is to run a request too, off the client's path; `undefined` for most. */
  pickShadow<T extends TrafficTarget>(
    versions: ReadonlyMap<string, T>,
    answering: TrafficTarget,
    key: string | undefined,
  ): T | undefined {
    const { shadow } = this.#now;
    if (!shadow) return undefined;
    const place = key === undefined ? Math.random() : placeOf('shadow', this.#model, key);
    if (place * 100 >= shadow.percent) return undefined;
    const version = versions.get(shadow.version);
    return version?.live && version !== answering ? version : undefined;
  }

  /**
   * Checks traffic that a person asks for.
   *
   * @throws {ServiceError} `BAD_USER_INPUT` for shares that cannot be
   */
  check({ split, shadow }: Traffic): void {
    const shares = shadow ? [...split, shadow] : split;
    for (const { version, percent } of shares) {
      if (percent >= 0 && percent <= 100) continue;
      throw badInput(`The percent of version "${version}" must be from 0 to 100.`, { version });
    }
    const sum = split.reduce((total, { percent }) => total + percent, 0);
    if (sum > 100 + EPSILON) {
      throw badInput(`The shares sum to ${sum} percent; at most 100 can be dealt out.`);
    }
    const names = split.map(({ version }) => this.versionOf(version));
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw badInput(`Version "${twice}" has more than one share.`);
  }

  #refresh(): boolean {
    const before = JSON.stringify(this.#now);
    const { split, shadow } = this.#override ?? this.#fromManifest();
    this.#now = {
      split: split
        .map(({ version, percent }) => ({ version: this.versionOf(version), percent }))
        .filter(({ percent }) => percent > 0)
        .sort((a, b) => compareVersions(b.version, a.version)),
      shadow:
        shadow && shadow.percent > 0
          ? { version: this.versionOf(shadow.version), percent: shadow.percent }
          : null,
    };
    return JSON.stringify(this.#now) !== before;
  }

  #fromManifest(): Traffic {
    const { split = {}, shadow } = this.#source?.traffic ?? {};
    return {
      split: Object.entries(split).map(([version, percent]) => ({ version, percent })),
      shadow: shadow ?? null,
    };
  }
}

/** Traffic in words, for events: `2 has 10 %, the rest 1; 100 % shadowed by 3`. */
export function describeTraffic({ split, shadow }: Traffic, serving: string | undefined): string {
  const shares = split.map(({ version, percent }) => `version ${version} has ${percent} %`);
  const dealt = split.reduce((sum, { percent }) => sum + percent, 0);
  const rest = serving ?? 'none';
  if (shares.length === 0) shares.push(`version ${rest} has all`);
  else if (dealt < 100 - EPSILON) shares.push(`version ${rest} has the rest`);
  if (shadow) shares.push(`version ${shadow.version} shadows ${shadow.percent} %`);
  return shares.join(', ');
}
