import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** Arguments that a field takes: those that it requires, and the model. */
export function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
  const given = args
    .filter((arg) => isRequiredArgument(arg) || arg.name === 'model')
    .map((arg) => argumentOf(arg));
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

function argumentOf({ name, type }: Pick<GraphQLArgument, 'name' | 'type'>): string {
  return `${name}: ${valueOf(type, name)}`;
}

function valueOf(type: GraphQLInputType, name: string): string {
  if (isNonNullType(type)) return valueOf(type.ofType, name);
  if (isListType(type)) return `[${valueOf(type.ofType, name)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf
      ? fields.filter((field) => field.name === 'text')
      : fields.filter((field) => isRequiredInputField(field));
    return `{ ${given.map((field) => argumentOf(field)).join(', ')} }`;
  }
  const named = getNamedType(type).name;
  if (named === 'Int' || named === 'Float') return '1000';
  if (named === 'Boolean') return 'true';
  return name === 'model' || name === 'name' ? '"sentiment"' : '"x"';
}

/** The first leaf below a field, however deep. */
export function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return ' { __typename }';
  const fields = Object.values(named.getFields()).filter(
    (field) => !field.args.some(isRequiredArgument),
  );
  const leaf = fields.find((field) => isLeafType(getNamedType(field.type)));
  const chosen = leaf ?? fields[0];
  return chosen ? ` { ${chosen.name}${selectionOf(chosen.type)} }` : ' { __typename }';
}
