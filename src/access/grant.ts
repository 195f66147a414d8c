import type { Scope } from '../services/principal.ts';

/**
 * What a principal may do. A scope names a kind of action; a grant holds scopes, each for all models
 * or for named ones. Nothing is implied: `models:admin` alone does not let anyone predict.
 */

/** What a scope looks like, those of `model.yaml` too: as RFC 6749 allows, without quotes. */
export const SCOPE_FORM = /^[A-Za-z0-9][A-Za-z0-9:._/-]{0,99}$/;

/** What anybody may do where nothing is configured: predict and read. */
export const OPEN_SCOPES: readonly Scope[] = [
  'predict',
  'models:read',
  'metrics:read',
  'outcomes:write',
];

/** Models that a scope is granted for; `null` stands for all. */
export type GrantedModels = ReadonlySet<string> | null;

/** The scopes of a principal. Immutable. */
export class Grant {
  /**
   * Everything, whatever a model asks for; only not `documents:any`: where the documents are fixed,
   * nobody without a name sends others.
   */
  static readonly ALL: Grant = new Grant(new Map(), true);
  /** Nothing. */
  static readonly NONE: Grant = new Grant(new Map());

  readonly #scopes: ReadonlyMap<string, GrantedModels>;
  readonly #isAll: boolean;

  private constructor(scopes: ReadonlyMap<string, GrantedModels>, isAll = false) {
    this.#scopes = scopes;
    this.#isAll = isAll;
  }

  /**
   * @param scopes names of scopes
   * @param models what they are granted for. @default all models
   */
  static of(scopes: Iterable<string>, models: Iterable<string> | null = null): Grant {
    const granted = models === null ? null : new Set(models);
    return new Grant(new Map(Array.from(scopes, (scope) => [scope, granted])));
  }

  /** Names of the scopes; empty for a grant of everything. */
  get scopes(): readonly string[] {
    return [...this.#scopes.keys()];
  }

  /** Whether the scope is granted, for one model at least. */
  has(scope: string): boolean {
    return this.#isAll ? scope !== 'documents:any' : this.#scopes.has(scope);
  }

  /** Whether the scope is granted for all models, also those that come later. */
  hasForAll(scope: string): boolean {
    return this.#isAll ? this.has(scope) : this.#scopes.get(scope) === null;
  }

  /**
   * Whether the scope is granted for a model.
   *
   * @param ownScope what `model.yaml` asks for besides
   */
  allows(scope: string, model: string, ownScope?: string | null): boolean {
    if (this.#isAll) return this.has(scope);
    const models = this.#scopes.get(scope);
    if (models === undefined || !(models === null || models.has(model))) return false;
    return !ownScope || this.allows(ownScope, model);
  }

  /** Whether the grant holds any scope for a model. @param ownScope what `model.yaml` asks for */
  covers(model: string, ownScope?: string | null): boolean {
    if (this.#isAll) return true;
    if (ownScope && !this.allows(ownScope, model)) return false;
    for (const [scope, models] of this.#scopes) {
      if (scope !== ownScope && (models === null || models.has(model))) return true;
    }
    return false;
  }

  /** Whether even models that ask for a scope of their own are covered. */
  get isAll(): boolean {
    return this.#isAll;
  }

  /**
   * Equal for grants that show the same: what is executed once for many is shared by it. Scopes and
   * models are sorted, so that their order in a file does not count.
   */
  get fingerprint(): string {
    if (this.#isAll) return '*';
    return Array.from(this.#scopes, ([scope, models]) =>
      models === null ? scope : `${scope}=${[...models].sort().join(',')}`,
    )
      .sort()
      .join(' ');
  }
}
