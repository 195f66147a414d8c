import {
  type DefinitionNode,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
} from 'graphql';
import type { PrintedWeights } from '../cost.ts';
import { withDirectives } from '../print.ts';

const LINKS = parse(`extend schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
`);

/** Version 2.9 has `@cost` and `@listSize`. */
const LINKS_WITH_COSTS = parse(`extend schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@cost", "@listSize"])
`);

/** Fields and types of the protocol between router and subgraph, which the SDL leaves out. */
const OF_THE_PROTOCOL = new Set(['_service', '_entities', '_Any', '_Entity', '_Service']);

/**
 * The schema as a subgraph of a federated graph (Apollo Federation 2.3; 2.9 where it tells costs).
 *
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 * @param weights what `@cost` and `@listSize` are to say. @default they are left out
 */
export function printSubgraph(schema: GraphQLSchema, weights?: PrintedWeights): string {
  const document = withDirectives(lexicographicSortSchema(schema), weights);
  const links = weights ? LINKS_WITH_COSTS : LINKS;
  const definitions = document.definitions.flatMap((definition): DefinitionNode[] => {
    if ('name' in definition && OF_THE_PROTOCOL.has(definition.name.value)) return [];
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [definition];
    const fields = (definition.fields ?? []).filter(({ name }) => !OF_THE_PROTOCOL.has(name.value));
    return [{ ...definition, fields }];
  });
  return `${print({ kind: Kind.DOCUMENT, definitions: [...links.definitions, ...definitions] })}\n`;
}
