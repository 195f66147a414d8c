import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isScalarType,
  typeFromAST,
  valueFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** Values by name. */
export type Values = Readonly<Record<string, unknown>>;

/** Turns the variables of a request into values; `undefined` where one does not fit. */
export type ReadVariables = (given: Values) => Values | undefined;

/** Stands for a value that does not fit its type. */
const MISFIT = Symbol('misfit');

/** @returns the value in the terms of the resolvers, or {@link MISFIT}; a scalar may throw */
type Coerce = (value: unknown) => unknown;

/**
 * Makes the reader of an operation's variables, after "Coercing Variable Values" of the
 * specification (https://spec.graphql.org/October2021/#sec-Coercing-Variable-Values). It does not
 * say what is wrong with a variable: that is left to graphql-js.
 */
export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): ReadVariables | undefined {
  const coercions = new Map<GraphQLInputType, Coerce>();
  const readers: ((given: Values, into: Record<string, unknown>) => boolean)[] = [];
  for (const { variable, type: typeNode, defaultValue } of definitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) return undefined;
    const coerce = compileInput(type, coercions);
    readers.push((given, into) => {
      if (Object.hasOwn(given, name)) {
        const value = coerce(given[name]);
        into[name] = value;
        return value !== MISFIT;
      }
      if (defaultValue) into[name] = valueFromAST(defaultValue, type);
      return defaultValue !== undefined || !isNonNullType(type);
    });
  }
  return (given) => {
    const values: Record<string, unknown> = {};
    try {
      for (const read of readers) if (!read(given, values)) return undefined;
    } catch {
      return undefined;
    }
    return values;
  };
}

function compileInput(type: GraphQLInputType, known: Map<GraphQLInputType, Coerce>): Coerce {
  let coerce = known.get(type);
  if (!coerce) {
    // An input type may contain itself: whoever asks meanwhile gets what looks it up later.
    known.set(type, (value) => known.get(type)?.(value));
    coerce = compileNew(type, known);
    known.set(type, coerce);
  }
  return coerce;
}

function compileNew(type: GraphQLInputType, known: Map<GraphQLInputType, Coerce>): Coerce {
  if (isNonNullType(type)) {
    const inner = compileInput(type.ofType, known);
    return (value) => (value === null || value === undefined ? MISFIT : inner(value));
  }
  if (isListType(type)) {
    const inner = compileInput(type.ofType, known);
    return (value) => {
      if (value === null || value === undefined) return null;
      if (!Array.isArray(value)) return listOf([value], inner);
      return listOf(value, inner);
    };
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((field) => ({
      name: field.name,
      coerce: compileInput(field.type, known),
      isRequired: isNonNullType(field.type) && field.defaultValue === undefined,
      defaultValue: field.defaultValue,
    }));
    const names = new Set(fields.map(({ name }) => name));
    const { isOneOf } = type;
    return (value) => {
      if (value === null || value === undefined) return null;
      if (typeof value !== 'object') return MISFIT;
      const given = value as Values;
      const keys = Object.keys(given);
      if (isOneOf && (keys.length !== 1 || given[keys[0] ?? ''] === null)) return MISFIT;
      for (const key of keys) if (!names.has(key)) return MISFIT;
      const object: Record<string, unknown> = {};
      for (const { name, coerce, isRequired, defaultValue } of fields) {
        const member = given[name];
        if (member === undefined) {
          if (isRequired) return MISFIT;
          if (defaultValue !== undefined) object[name] = defaultValue;
          continue;
        }
        const coerced = coerce(member);
        if (coerced === MISFIT) return MISFIT;
        object[name] = coerced;
      }
      return object;
    };
  }
  if (isScalarType(type) || isEnumType(type)) {
    return (value) => {
      if (value === null || value === undefined) return null;
      const parsed: unknown = type.parseValue(value);
      return parsed === undefined ? MISFIT : parsed;
    };
  }
  return () => MISFIT;
}

function listOf(values: readonly unknown[], coerce: Coerce): unknown {
  const list: unknown[] = [];
  for (const value of values) {
    const coerced = coerce(value);
    if (coerced === MISFIT) return MISFIT;
    list.push(coerced);
  }
  return list;
}
