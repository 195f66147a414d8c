import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  parseConstValue,
  print,
  printSchema,
} from 'graphql';
import { costDirective, costDirectives, type PrintedWeights } from './cost.ts';
import type { AppliedDirective } from './directives.ts';

/** The schema as text, sorted, so that two prints of one schema are equal. */
export function printSortedSchema(schema: GraphQLSchema): string {
  return `${print(withDirectives(lexicographicSortSchema(schema)))}\n`;
}

/** Input whose every field stands for one row of a model. */
const ROW_INPUT = 'ModelInput';

/**
 * The schema as a document, with the directives that graphql-js' printer leaves out.
 *
 * @param weights what `@cost` and `@listSize` are to say. @default they are left out
 */
export function withDirectives(schema: GraphQLSchema, weights?: PrintedWeights): DocumentNode {
  const document = parse(printSchema(schema), { noLocation: true });
  return {
    ...document,
    definitions: document.definitions.map((definition) => {
      if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
        const type = schema.getType(definition.name.value);
        if (!weights || !isInputObjectType(type) || type.name !== ROW_INPUT) return definition;
        // Exactly one of them is given for each row: a gateway counts rows, whichever list they are in.
        const cost = costDirective(weights.defaultWeight);
        const fields = definition.fields?.map((field) => ({
          ...field,
          directives: [...(field.directives ?? []), cost],
        }));
        return fields ? { ...definition, fields } : definition;
      }
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
      const type = schema.getType(definition.name.value);
      if (!isObjectType(type) && !isInterfaceType(type)) return definition;
      const fields = type.getFields();
      return {
        ...definition,
        directives: [...(definition.directives ?? []), ...appliedTo(type)],
        fields: (definition.fields ?? []).map((field) => ({
          ...field,
          directives: [
            ...(field.directives ?? []),
            ...appliedTo(fields[field.name.value]),
            ...(weights ? costDirectives(fields[field.name.value], weights) : []),
          ],
        })),
      };
    }),
  };
}

function appliedTo(
  element: { readonly extensions?: Readonly<Record<string, unknown>> } | undefined,
): ConstDirectiveNode[] {
  const applied = (element?.extensions?.directives ?? []) as readonly AppliedDirective[];
  return applied.map(({ name, args = {} }) => ({
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([argument, value]): ConstArgumentNode => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value: parseConstValue(JSON.stringify(value)),
    })),
  }));
}
