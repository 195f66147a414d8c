import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import ZodPlugin from '@pothos/plugin-zod';
import type { GraphQLFieldResolver } from 'graphql';
import { z } from 'zod';

type Resolver<Context extends object> = GraphQLFieldResolver<unknown, Context, object>;

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- where Pothos looks plugins up
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      quickValidation: QuickValidationPlugin<Types>;
      validatedResolver: ValidatedResolverPlugin<Types>;
    }
  }
}

/** What the zod plugin calls once the arguments are valid, by the configuration of the field. */
const validated = new WeakMap<object, Resolver<object>>();

/** Stands right inside of the zod plugin, and keeps what that calls. */
class ValidatedResolverPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: Resolver<Types['Context']>,
    field: PothosOutputFieldConfig<Types>,
  ): Resolver<Types['Context']> {
    validated.set(field, resolver);
    return resolver;
  }
}

/**
 * Stands right outside of the zod plugin, and passes it where the arguments are valid: that
 * validates with `parseAsync`, which waits, and which zod has no compiled code for (2 of 26 µs of a
 * cached prediction). Arguments that do not fit go the plugin's way, to its error. Plugins further
 * in and further out are called as ever.
 */
class QuickValidationPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: Resolver<Types['Context']>,
    field: PothosOutputFieldConfig<Types>,
  ): Resolver<Types['Context']> {
    const inner: Resolver<Types['Context']> | undefined = validated.get(field);
    const { validate } = field.pothosOptions as { readonly validate?: unknown };
    // The zod plugin has wrapped nothing, or checks the arguments against each other.
    if (!inner || inner === resolver || validate) return resolver;
    const validators = Object.entries(field.args).flatMap(([name, { extensions }]) => {
      const validator = extensions?.validator;
      return validator instanceof z.ZodType ? [[name, validator] as const] : [];
    });
    if (validators.length === 0) return resolver;
    const validator = z.looseObject(Object.fromEntries(validators));
    return (parent, given, context, info) => {
      const values = parse(validator, given);
      return values ? inner(parent, values, context, info) : resolver(parent, given, context, info);
    };
  }
}

function parse(validator: z.ZodType, given: object): Record<string, unknown> | undefined {
  try {
    const { data } = validator.safeParse(given);
    return data as Record<string, unknown> | undefined;
  } catch {
    // A check that must wait.
    return undefined;
  }
}

SchemaBuilder.registerPlugin('quickValidation', QuickValidationPlugin);
SchemaBuilder.registerPlugin('validatedResolver', ValidatedResolverPlugin);

/**
 * Plugins that validate arguments by zod, at once where that is possible. They stay together, in
 * this order; plugins that come before them see a field before its arguments are validated, plugins
 * after them once they are.
 */
export const VALIDATION_PLUGINS = ['quickValidation', ZodPlugin, 'validatedResolver'] as const;
