import type { Scope } from './principal.ts';

/** A scope that is granted to who asks. */
export interface GrantedScope {
  readonly scope: Scope;
  /** Names of the models that it is limited to; `null` for all models. */
  readonly models: readonly string[] | null;
}

/** Who asks, and what it may do. */
export interface Viewer {
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  readonly grants: readonly GrantedScope[];
}
