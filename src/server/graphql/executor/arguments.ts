import {
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  isNonNullType,
  isScalarType,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import type { Values } from './coercion.ts';

/** Makes the arguments of a field for one execution; throws what graphql-js would throw. */
export type ReadArguments = (variables: Values) => Record<string, unknown>;

/** @returns whether it could give the argument, or knows that it is left out */
type ReadArgument = (variables: Values, into: Record<string, unknown>) => boolean;

const NONE: ReadArguments = () => ({});

/** Makes the reader of a field's arguments: variables and constants are found ahead of time. */
export function compileArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): ReadArguments {
  if (field.args.length === 0) return NONE;
  const given = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  const readers = field.args.map((argument) => compileArgument(argument, given.get(argument.name)));
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const read of readers) {
      // What is out of the ordinary is read, or refused, by graphql-js.
      if (!read(variables, values)) return getArgumentValues(field, node, variables);
    }
    return values;
  };
}

function compileArgument(
  { name, type, defaultValue }: GraphQLField<unknown, unknown>['args'][number],
  node: ValueNode | undefined,
): ReadArgument {
  const leaveOut: ReadArgument = (_variables, into) => {
    if (defaultValue !== undefined) into[name] = defaultValue;
    return defaultValue !== undefined || !isNonNullType(type);
  };
  if (!node) return leaveOut;
  if (node.kind === Kind.VARIABLE) {
    const variable = node.name.value;
    return (variables, into) => {
      if (!Object.hasOwn(variables, variable)) return leaveOut(variables, into);
      const value = variables[variable];
      if (value === null && isNonNullType(type)) return false;
      into[name] = value;
      return true;
    };
  }
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isScalarType(inner) && isConstant(node)) {
    const value = valueFromAST(node, type);
    // A scalar of JSON may be an object, which a resolver might change.
    if (value !== undefined && (typeof value !== 'object' || value === null)) {
      return (_variables, into) => {
        into[name] = value;
        return true;
      };
    }
  }
  return (variables, into) => {
    const value = valueFromAST(node, type, variables);
    into[name] = value;
    return value !== undefined;
  };
}

function isConstant({ kind }: ValueNode): boolean {
  return kind !== Kind.VARIABLE && kind !== Kind.LIST && kind !== Kind.OBJECT;
}
