import SchemaBuilder from '@pothos/core';
import { badInput } from '../src/errors.ts';
import type { GraphQLContext } from './context.ts';
import { describeIssues } from '../src/issues.ts';
import { VALIDATION_PLUGINS } from './quick-validation.ts';

/** Types that the builder works with. */
export interface BuilderTypes {
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    JSONObject: {
      Input: Readonly<Record<string, unknown>>;
      Output: Readonly<Record<string, unknown>>;
    };
    _Any: { Input: unknown; Output: unknown };
    TensorData: { Input: readonly unknown[]; Output: unknown };
    SafeInt: { Input: number; Output: number };
    /** Milliseconds since 1970, a Date, or a text in ISO 8601. */
    DateTime: { Input: string; Output: number | string | Date };
  };
}

/**
 * A new builder. There is one for each schema that is built, since Pothos keeps all types in it and
 * the schema is built anew when the models change.
 */
export function createBuilder() {
  return new SchemaBuilder<BuilderTypes>({
    plugins: [...VALIDATION_PLUGINS],
    defaultFieldNullability: false,
    zod: {
      validationError: (error) => badInput(describeIssues(error.issues)),
    },
  });
}

/** The builder that each family of types gets. */
export type Builder = ReturnType<typeof createBuilder>;
