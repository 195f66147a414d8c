import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLInt,
  GraphQLList,
  specifiedDirectives,
} from 'graphql';

/** A directive on a field or type, kept in `extensions.directives` until the schema is printed. */
export interface AppliedDirective {
  readonly name: string;
  readonly args?: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/**
 * `@semanticNonNull`: null only where `errors` says why. Relay, Apollo Kotlin and Grats read it, so
 * that client types can leave the null out where errors are handled elsewhere.
 *
 * @see https://specs.apollo.dev/nullability/v0.4/
 */
export const semanticNonNull = new GraphQLDirective({
  name: 'semanticNonNull',
  description:
    'The field is null only if an entry of `errors` with its path says why. A client that handles ' +
    'errors may treat it as non-null.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    levels: {
      type: new GraphQLList(GraphQLInt),
      defaultValue: [0],
      description: 'List levels that the directive applies to; 0 is the field itself.',
    },
  },
});

/** Directives that every schema defines. */
export const DIRECTIVES = [...specifiedDirectives, semanticNonNull];

/** Marks a field `@semanticNonNull`. */
export const SEMANTIC_NON_NULL = {
  directives: [{ name: 'semanticNonNull' }] satisfies AppliedDirective[],
};
