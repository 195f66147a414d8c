import type { Grant } from './grant.ts';
import type { Principal } from '../services/principal.ts';
import type { Rate } from './rate.ts';

/** How a principal came in. */
export type PrincipalKind = 'key' | 'token' | 'anonymous';

/** Facts that a {@link AccessPrincipal} is made of. */
export interface PrincipalFacts {
  readonly kind: PrincipalKind;
  readonly id: string;
  readonly name: string;
  readonly grant: Grant;
  /** Whom reports of outcomes are accepted from. @default `id` */
  readonly owner?: string;
  /** Left out: `RATE_LIMIT`. */
  readonly rate?: Rate | undefined;
  /** Share of its turns while others wait too. @default 1 */
  readonly weight?: number | undefined;
  /** End of the credential in milliseconds since 1970; `Infinity` for one without. */
  readonly endsAt?: number;
}

/** What models ask for besides the scopes of the server. */
export interface OwnScopes {
  /** The scope that `model.yaml` asks for; `undefined` where it asks for none. */
  get(model: string): string | undefined;
  /** How many models ask for one. */
  readonly size: number;
}

/** Longest time that a timer of Node can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Who makes a call, and for how long. */
export class AccessPrincipal implements Principal {
  readonly kind: PrincipalKind;
  /** Unique, and safe to log. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /** Whom reports of outcomes are accepted from. */
  readonly owner: string;
  readonly grant: Grant;
  /** Names everything that this principal can see. */
  readonly view: string;
  readonly rate: Rate | undefined;
  readonly weight: number;
  readonly endsAt: number;
  readonly #ownScopes: OwnScopes;
  readonly #listeners = new Set<() => void>();
  #ended = false;

  constructor(facts: PrincipalFacts, ownScopes: OwnScopes) {
    this.kind = facts.kind;
    this.id = facts.id;
    this.name = facts.name;
    this.owner = facts.owner ?? facts.id;
    this.grant = facts.grant;
    this.view = facts.grant.fingerprint;
    this.rate = facts.rate;
    this.weight = facts.weight ?? 1;
    this.endsAt = facts.endsAt ?? Infinity;
    this.#ownScopes = ownScopes;
  }

  /**
   * Whether a scope is granted.
   *
   * @param model name of the model that is touched; left out where no single model is
   */
  allows(scope: string, model?: string): boolean {
    return model === undefined
      ? this.grant.has(scope)
      : this.grant.allows(scope, model, this.#ownScopes.get(model));
  }

  sees(model: string): boolean {
    return this.grant.covers(model, this.#ownScopes.get(model));
  }

  allowsAll(scope: string): boolean {
    return this.grant.isAll || (this.#ownScopes.size === 0 && this.grant.hasForAll(scope));
  }

  /** Whether the credential counts no longer: revoked, changed, or the server wants one now. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Ends the credential before its time; tells those that watch. */
  end(): void {
    this.#ended = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /**
   * Calls `listener` once when the credential ends, at once where it has.
   *
   * @returns stops watching
   */
  onEnd(listener: () => void): () => void {
    if (this.#ended || this.endsAt <= Date.now()) {
      queueMicrotask(listener);
      return () => undefined;
    }
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      this.#listeners.delete(fire);
    };
    const fire = (): void => {
      stop();
      listener();
    };
    const wait = (): void => {
      const left = this.endsAt - Date.now();
      if (left <= 0) fire();
      else timer = setTimeout(wait, Math.min(left, MAX_TIMER_MS)).unref();
    };
    this.#listeners.add(fire);
    if (this.endsAt !== Infinity) wait();
    return stop;
  }
}
