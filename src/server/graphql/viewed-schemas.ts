import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ModelStatus } from '../../services/model-status.ts';
import type { Principal } from '../../services/principal.ts';

/** Schemas that are kept; each has its documents compiled. */
const MAX_SCHEMAS = 32;

/** Views that are remembered. */
const MAX_VIEWS = 1_000;

/** The schemas of the moment: one for each set of models that somebody sees. */
export class ViewedSchemas {
  readonly #models: () => readonly ModelStatus[];
  readonly #build: (models: readonly ModelStatus[]) => GraphQLSchema;
  readonly #views = new LRUCache<string, GraphQLSchema>({ max: MAX_VIEWS });
  readonly #schemas = new LRUCache<string, GraphQLSchema>({ max: MAX_SCHEMAS });

  /**
   * @param models all models that have a field of their own
   * @param build makes the schema of some of them
   */
  constructor(
    models: () => readonly ModelStatus[],
    build: (models: readonly ModelStatus[]) => GraphQLSchema,
  ) {
    this.#models = models;
    this.#build = build;
  }

  /** Forgets all schemas: models have changed. */
  clear(): void {
    this.#views.clear();
    this.#schemas.clear();
  }

  /** The schema that a principal sees: models that do not exist for it are not in it. */
  of(principal: Pick<Principal, 'view' | 'sees'>): GraphQLSchema {
    const known = this.#views.get(principal.view);
    if (known) return known;
    const models = this.#models().filter(({ name }) => principal.sees(name));
    const key = JSON.stringify(models.map(({ name }) => name));
    let schema = this.#schemas.get(key);
    if (!schema) {
      schema = this.#build(models);
      this.#schemas.set(key, schema);
    }
    this.#views.set(principal.view, schema);
    return schema;
  }
}
