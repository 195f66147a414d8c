import {
  getNamedType,
  GraphQLBoolean,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLNonNull,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import { Choices } from './choices.ts';
import { InputValues, toJson, toLiteral } from './input-values.ts';
import { isVolatile } from './volatile-fields.ts';

/** A document, and requests for it that differ in their variables. */
export interface GeneratedDocument {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: readonly (Readonly<Record<string, unknown>> | undefined)[];
  readonly kind: 'query' | 'mutation';
}

/** Deepest nesting of selections. */
const MAX_DEPTH = 5;

/** Most selections of one document: what is left then selects a name each. */
const MAX_SELECTIONS = 60;

/** Names that an object of JavaScript has already, and others that could be mistaken. */
const ALIASES = ['a', 'b', 'data', 'errors', 'constructor', '__proto__', 'toString', 'then', '_'];

/** Root fields that change nothing: two servers are asked about the same state. */
const MUTATIONS = new Set(['predict', 'predictBatch']);

/** Fields whose answers depend on how many predictions there were before. */
const SKIPPED_QUERIES = new Set(['drift']);

interface Selection {
  readonly text: string;
  readonly variables: ReadonlySet<string>;
}

interface Fragment {
  readonly name: string;
  readonly type: string;
  readonly variables: ReadonlySet<string>;
  readonly text: string;
}

interface Variable {
  readonly type: GraphQLInputType;
  readonly place: string;
  readonly declaration: string;
  readonly isRequired: boolean;
}

/**
 * Writes GraphQL documents over a schema, mostly valid ones: aliases, arguments as literals and as
 * variables with and without defaults, fragments within fragments, inline fragments with and without
 * a type, `@skip` and `@include`, abstract types, introspection, several operations; now and then
 * something that is not allowed.
 */
export class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #choices: Choices;
  readonly #values: InputValues;
  readonly #fragments: Fragment[] = [];
  readonly #variables = new Map<string, Variable>();
  #selections = 0;
  #names = 0;

  constructor(schema: GraphQLSchema, tape: readonly number[]) {
    this.#schema = schema;
    this.#choices = new Choices(tape);
    this.#values = new InputValues(this.#choices);
  }

  write(): GeneratedDocument {
    // Yoga finds the operation before it validates, this server after: never both are wrong.
    const isUnknown = this.#chance(3);
    if (!isUnknown && this.#chance(25)) this.#choices.allowMistakes(1 + this.#choices.below(3));
    const kind = this.#chance(20) ? 'mutation' : 'query';
    const count = this.#chance(15) ? 2 + this.#choices.below(2) : 1;
    const names = Array.from({ length: count }, (_, at) => `Op${at}`);
    const isNamed = count > 1 || this.#chance(40);
    const operations = names.map((name) => this.#operation(kind, isNamed ? name : undefined));
    const operationName = isUnknown
      ? this.#choices.pick(['Unknown', undefined])
      : isNamed && (count > 1 || this.#chance(50))
        ? this.#choices.pick(names)
        : undefined;
    return {
      query: [...operations, ...this.#fragments.map(({ text }) => text)].join('\n'),
      operationName,
      variables: [this.#variableValues(), this.#variableValues()],
      kind,
    };
  }

  #operation(kind: 'query' | 'mutation', name: string | undefined): string {
    const root = kind === 'query' ? this.#schema.getQueryType() : this.#schema.getMutationType();
    if (!root) throw new Error(`the schema has no ${kind}`);
    const { text, variables } = this.#selectionSet(root, 0);
    const declared = [...variables].map((each) => this.#variables.get(each)?.declaration);
    if (this.#mistake()) declared.push('$unused: Int');
    if (!name && declared.length === 0 && kind === 'query' && this.#chance(50)) return text;
    const list = declared.length > 0 ? `(${declared.join(', ')})` : '';
    return `${kind}${name ? ` ${name}` : ''}${list} ${text}`;
  }

  #selectionSet(type: GraphQLNamedType, depth: number): Selection {
    const count = depth >= MAX_DEPTH ? 1 : 1 + this.#choices.below(4);
    const parts = Array.from({ length: count }, () => this.#selection(type, depth));
    return {
      text: `{ ${parts.map(({ text }) => text).join(' ')} }`,
      variables: new Set(parts.flatMap(({ variables }) => [...variables])),
    };
  }

  #selection(type: GraphQLNamedType, depth: number): Selection {
    if (++this.#selections > MAX_SELECTIONS) return this.#typeName();
    if (isAbstractType(type)) {
      if (this.#chance(25)) return this.#typeName();
      const possible = this.#schema.getPossibleTypes(type);
      return this.#inlineFragment(this.#choices.pick(possible), depth, true);
    }
    if (this.#chance(12)) return this.#inlineFragment(type, depth, this.#chance(50));
    if (this.#chance(12)) return this.#spread(type, depth);
    if (this.#chance(8)) return this.#typeName();
    if (!isObjectType(type)) throw new Error(`${type.name} has no fields`);
    return this.#field(type, depth);
  }

  #typeName(): Selection {
    const text = this.#chance(20) ? `kind${++this.#names}: __typename` : '__typename';
    return this.#directed({ text, variables: new Set() });
  }

  #inlineFragment(type: GraphQLNamedType, depth: number, isTyped: boolean): Selection {
    const { text, variables } = this.#selectionSet(type, depth + 1);
    const head = this.#directed({ text: isTyped ? `... on ${type.name}` : '...', variables });
    return { text: `${head.text} ${text}`, variables: head.variables };
  }

  #spread(type: GraphQLNamedType, depth: number): Selection {
    const known = this.#fragments.filter((fragment) => fragment.type === type.name);
    let fragment = known.length > 0 && this.#chance(50) ? this.#choices.pick(known) : undefined;
    if (!fragment) {
      const { text, variables } = this.#selectionSet(type, depth + 1);
      const name = `Part${++this.#names}`;
      const on = `fragment ${name} on ${type.name} ${text}`;
      fragment = { name, type: type.name, variables, text: on };
      this.#fragments.push(fragment);
    }
    return this.#directed({ text: `...${fragment.name}`, variables: fragment.variables });
  }

  #field(type: GraphQLObjectType, depth: number): Selection {
    const field = this.#pickField(type);
    if (!field) return this.#typeName();
    if (this.#chance(15) && this.#mistake()) return { text: 'noSuchField', variables: new Set() };
    const variables = new Set<string>();
    const list = this.#arguments(field, variables);
    const alias = this.#alias(field, list !== '');
    const head = this.#directed({ text: `${alias}${field.name}${list}`, variables });
    const inner = getNamedType(field.type);
    const hasParts = isCompositeType(inner) !== (this.#chance(30) && this.#mistake());
    if (!hasParts) return head;
    if (!isCompositeType(inner)) return { text: `${head.text} { a }`, variables: head.variables };
    const parts = this.#selectionSet(inner, depth + 1 + listLevels(field.type));
    return {
      text: `${head.text} ${parts.text}`,
      variables: new Set([...head.variables, ...parts.variables]),
    };
  }

  #pickField(type: GraphQLObjectType): GraphQLField<unknown, unknown> | undefined {
    const isQuery = type === this.#schema.getQueryType();
    const isMutation = type === this.#schema.getMutationType();
    const fields = Object.values(type.getFields()).filter(({ name }) =>
      isMutation ? MUTATIONS.has(name) : !isQuery || !SKIPPED_QUERIES.has(name),
    );
    if (!isQuery || !this.#chance(6)) return this.#choices.pick(fields);
    return this.#choices.pick([TypeMetaFieldDef, SchemaMetaFieldDef]);
  }

  /** Fields with arguments get a name of their own, mostly: two with others cannot be merged. */
  #alias({ name }: GraphQLField<unknown, unknown>, hasArguments: boolean): string {
    if (isVolatile(name)) {
      return hasArguments || this.#chance(20) ? `${name}__${++this.#names}: ` : '';
    }
    if (hasArguments && !this.#mistake()) return `f${++this.#names}: `;
    if (!this.#chance(15)) return '';
    return this.#chance(25) ? `${this.#choices.pick(ALIASES)}: ` : `x${++this.#names}: `;
  }

  #arguments(field: GraphQLField<unknown, unknown>, variables: Set<string>): string {
    const given: string[] = [];
    for (const argument of field.args) {
      const isRequired = isNonNullType(argument.type) && argument.defaultValue === undefined;
      if (isRequired ? this.#mistake() : !this.#chance(35)) continue;
      given.push(`${argument.name}: ${this.#argumentValue(argument, variables)}`);
    }
    if (this.#chance(15) && this.#mistake()) given.push('unknownArgument: 1');
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  #argumentValue({ name, type, defaultValue }: GraphQLArgument, used: Set<string>): string {
    const nameVariable = (of: GraphQLInputType, place: string, hasDefault: boolean) => {
      if (!this.#chance(35)) return undefined;
      const variable = this.#variable(of, place, hasDefault);
      used.add(variable);
      return variable;
    };
    const variable = nameVariable(type, name, defaultValue !== undefined);
    if (variable !== undefined) return `$${variable}`;
    return toLiteral(this.#values.make(type, name, nameVariable));
  }

  #variable(type: GraphQLInputType, place: string, hasDefault: boolean): string {
    const known = [...this.#variables].filter(([, other]) => String(other.type) === String(type));
    if (known.length > 0 && this.#chance(30)) return this.#choices.pick(known)[0];
    const name = this.#chance(5) ? `_${place}${++this.#names}` : `v${++this.#names}`;
    const nullable = isNonNullType(type) ? type.ofType : type;
    // Where the place or the variable has a default, the variable itself may be left out.
    const withDefault = this.#chance(25);
    const mayBeLeft = withDefault || hasDefault;
    const declared =
      isNonNullType(type) && !(mayBeLeft && this.#chance(70))
        ? type
        : !isNonNullType(type) && this.#chance(15)
          ? new GraphQLNonNull(nullable)
          : nullable;
    const value = withDefault ? ` = ${toLiteral(this.#values.make(type, place))}` : '';
    this.#variables.set(name, {
      type: declared,
      place,
      declaration: `$${name}: ${String(declared)}${value}`,
      isRequired: isNonNullType(declared) && !withDefault,
    });
    return name;
  }

  #variableValues(): Readonly<Record<string, unknown>> | undefined {
    const values: Record<string, unknown> = {};
    for (const [name, { type, place, isRequired }] of this.#variables) {
      if (this.#chance(isRequired ? 0 : 30) || this.#mistake()) continue;
      values[name] = toJson(this.#values.make(type, place));
    }
    if (this.#chance(5)) values.notDeclared = 1;
    return Object.keys(values).length === 0 && this.#chance(50) ? undefined : values;
  }

  /** Lets a condition decide about a field, a spread or an inline fragment. */
  #directed({ text, variables }: Selection): Selection {
    if (!this.#chance(12)) return { text, variables };
    const used = new Set(variables);
    const directives = this.#chance(15)
      ? ['include', 'skip']
      : [this.#choices.pick(['include', 'skip'])];
    const conditions = directives.map((directive) => {
      if (!this.#chance(60)) return `@${directive}(if: ${this.#chance(50) ? 'true' : 'false'})`;
      const variable = this.#variable(new GraphQLNonNull(GraphQLBoolean), 'if', false);
      used.add(variable);
      return `@${directive}(if: $${variable})`;
    });
    return { text: `${text} ${conditions.join(' ')}`, variables: used };
  }

  #mistake(): boolean {
    return this.#choices.mistake();
  }

  #chance(percent: number): boolean {
    return this.#choices.chance(percent);
  }
}

function listLevels(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listLevels(type.ofType);
  return isListType(type) ? 1 + listLevels(type.ofType) : 0;
}
