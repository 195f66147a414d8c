import {
  type DefinitionNode,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
} from 'graphql';
import { withDirectives } from '../print.ts';

const LINKS = parse(`extend schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
`);

/** Fields and types of the protocol between router and subgraph, which the SDL leaves out. */
const OF_THE_PROTOCOL = new Set(['_service', '_entities', '_Any', '_Entity', '_Service']);

/**
 * The schema as a subgraph of a federated graph (Apollo Federation 2.3).
 *
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 */
export function printSubgraph(schema: GraphQLSchema): string {
  const document = withDirectives(lexicographicSortSchema(schema));
  const definitions = document.definitions.flatMap((definition): DefinitionNode[] => {
    if ('name' in definition && OF_THE_PROTOCOL.has(definition.name.value)) return [];
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [definition];
    const fields = (definition.fields ?? []).filter(({ name }) => !OF_THE_PROTOCOL.has(name.value));
    return [{ ...definition, fields }];
  });
  return `${print({ kind: Kind.DOCUMENT, definitions: [...LINKS.definitions, ...definitions] })}\n`;
}
