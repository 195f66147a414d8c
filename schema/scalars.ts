import { GraphQLError, Kind, type ValueNode } from 'graphql';
import type { Builder } from './builder.ts';
import { toJsonValue } from '../src/tensor/json-value.ts';

/** Defines the scalars `JSON` and `JSONObject`. */
export function defineScalars(builder: Builder): void {
  builder.scalarType('JSON', {
    description:
      'Any JSON value. Numbers that are not finite are written as null, 64-bit integers that a ' +
      'JSON number cannot hold exactly as decimal strings.',
    serialize: toJsonValue,
    parseValue: (value) => value,
    parseLiteral: (node, variables) => literalToJson(node, variables),
  });
  builder.scalarType('JSONObject', {
    description: 'A JSON object, such as {"age": 41, "country": "CH"}.',
    serialize: (value) => value,
    parseValue: (value) => asObject(value),
    parseLiteral: (node, variables) => asObject(literalToJson(node, variables), node),
  });
}

function asObject(value: unknown, node?: ValueNode): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new GraphQLError(
    'JSONObject must be an object of values by name.',
    node ? { nodes: node } : {},
  );
}

function literalToJson(
  node: ValueNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    case Kind.LIST:
      return node.values.map((item) => literalToJson(item, variables));
    case Kind.OBJECT:
      // fromEntries defines own properties, so that a key such as __proto__ stays harmless.
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalToJson(field.value, variables)]),
      );
  }
}
