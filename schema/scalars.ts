import { GraphQLError, Kind, type ValueNode } from 'graphql';
import type { Builder } from './builder.ts';
import { toJsonValue } from '../src/tensor/json-value.ts';

/** Defines the scalars. `codegen.ts` and docs/typed-api.md map them to types of TypeScript. */
export function defineScalars(builder: Builder): void {
  builder.scalarType('JSON', {
    description:
      'Any JSON value. Non-finite numbers become "NaN", "Infinity" and "-Infinity"; 64-bit integers that a JSON number cannot ' +
      'represent exactly become decimal strings.',
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
  builder.scalarType('TensorData', {
    description:
      'Elements of a tensor as a JSON array in row-major order: numbers, booleans (BOOL) or ' +
      'strings (BYTES). Output is one flat array; input may also be nested. 64-bit integers ' +
      'beyond ±(2^53 − 1) are decimal strings, non-finite numbers "NaN", "Infinity" and "-Infinity".',
    serialize: toJsonValue,
    // Fields check that it is an array: their message says where.
    parseValue: (value) => value as readonly unknown[],
    parseLiteral: (node, variables) => literalToJson(node, variables) as readonly unknown[],
  });
  builder.scalarType('SafeInt', {
    description:
      'A whole number that a JSON number represents exactly, up to ±(2^53 − 1). Counters use it ' +
      'because they may outgrow the 32 bits of Int.',
    // A counter that is merged from several may be fractional by rounding.
    serialize: (value) => asSafeInteger(Math.round(value)),
    parseValue: asSafeInteger,
  });
  builder.scalarType('DateTime', {
    description: 'A point in time in ISO 8601, UTC, with milliseconds: 2027-03-01T09:30:00.000Z.',
    serialize: toIsoString,
    parseValue: toIsoString,
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

function asSafeInteger(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError('SafeInt must be a whole number between -(2^53 - 1) and 2^53 - 1.');
}

function toIsoString(value: unknown): string {
  const date = new Date(value as string | number | Date);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw new GraphQLError('DateTime must be a point in time in ISO 8601.');
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
