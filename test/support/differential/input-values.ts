import {
  type GraphQLInputType,
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Choices } from './choices.ts';

/** A value as both GraphQL and JSON can write it. */
export type Value =
  | null
  | string
  | number
  | boolean
  | { readonly enumValue: string }
  | { readonly variable: string }
  | { readonly list: readonly Value[] }
  | { readonly fields: readonly (readonly [string, Value])[] };

/** Names a variable for a place of a type; `undefined` where a literal is to stand there. */
export type NameVariable = (
  type: GraphQLInputType,
  place: string,
  hasDefault: boolean,
) => string | undefined;

/** A PNG file of a single grey pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

const PENGUIN: readonly (readonly [string, Value])[] = [
  ['island', 'Biscoe'],
  ['bill_length_mm', 45.1],
  ['bill_depth_mm', 14],
  ['flipper_length_mm', 215],
  ['body_mass_g', 5000],
  ['sex', 'female'],
];

/** Strings by the name of the place that they are for: mostly what belongs there. */
const STRINGS: Readonly<Record<string, readonly string[]>> = {
  text: ['Where is my card?', '', 'I was charged twice “again” \\ \n', 'héé 🐧'],
  image: [PIXEL, `data:image/png;base64,${PIXEL}`, 'no image'],
  model: ['banking77', 'penguins', 'digits', 'nope', ''],
  name: ['penguins', 'banking77', 'Model', 'ModelInput', 'nope'],
  version: ['1', '2', 'latest', ''],
};

/** Numbers by the name of the place; no deadline may be so short that it passes. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  timeoutMs: [30_000, 3_600_000, 0, -1, 3_600_001],
  top: [3, 1, 77, 0, -2],
  intervalMs: [1000, 500, 99],
};

/**
 * Makes values of input types: mostly such that fit, and where they can, such that a model takes.
 */
export class InputValues {
  readonly #choices: Choices;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /**
   * A value for a place.
   *
   * @param nameVariable asked at each place whether a variable is to stand there
   */
  make(type: GraphQLInputType, place: string, nameVariable?: NameVariable, depth = 0): Value {
    const chance = (percent: number) => this.#choices.chance(percent);
    if (isNonNullType(type)) {
      if (this.#mistake()) return null;
      const value = this.make(type.ofType, place, nameVariable, depth);
      // A null of the inner type would be one more mistake.
      return value ?? this.make(type, place, nameVariable, depth);
    }
    if (chance(8)) return null;
    if (this.#mistake()) return this.#misfit();
    if (isListType(type)) {
      // A single value stands for a list of one.
      if (chance(10)) return this.make(type.ofType, place, nameVariable, depth + 1);
      const list = Array.from({ length: 1 + this.#choices.below(3) }, () =>
        this.#part(type.ofType, place, nameVariable, depth + 1),
      );
      return { list: chance(6) ? [] : list };
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      const given = type.isOneOf
        ? [this.#choices.pick(fields), ...(this.#mistake() ? [this.#choices.pick(fields)] : [])]
        : fields.filter((field) => (isNonNullType(field.type) ? !this.#mistake() : chance(40)));
      const values = new Map(
        given.map((field) => [
          field.name,
          this.#part(field.type, field.name, nameVariable, depth + 1, type.isOneOf),
        ]),
      );
      if (this.#mistake()) values.set('unknownField', 1);
      return { fields: [...values] };
    }
    if (isEnumType(type)) {
      if (this.#mistake()) return { enumValue: 'NO_SUCH_VALUE' };
      return { enumValue: this.#choices.pick(type.getValues()).name };
    }
    return this.#scalar(type.name, place);
  }

  #mistake(): boolean {
    return this.#choices.mistake();
  }

  #part(
    type: GraphQLInputType,
    place: string,
    nameVariable: NameVariable | undefined,
    depth: number,
    mustBeSet = false,
  ): Value {
    // A variable in an object of which one field must be set has to be one that is never null.
    const variable = mustBeSet ? undefined : nameVariable?.(type, place, false);
    if (variable !== undefined) return { variable };
    return this.make(mustBeSet ? nonNull(type) : type, place, nameVariable, depth);
  }

  #scalar(name: string, place: string): Value {
    const chance = (percent: number) => this.#choices.chance(percent);
    const pick = <T>(from: readonly T[]) => this.#choices.pick(from);
    switch (name) {
      case 'Int':
      case 'SafeInt':
        if (this.#mistake()) return 2_147_483_648;
        return pick(NUMBERS[place] ?? [1, 2, 0, -3, 2_147_483_647]);
      case 'Float':
        return pick([40.5, 190, 3, 0, -1.5e3, 4e38]);
      case 'Boolean':
        return chance(50);
      case 'TensorData':
        return { list: Array.from({ length: this.#choices.below(4) }, (_, at) => at / 2) };
      case 'JSONObject':
        return { fields: PENGUIN.filter(() => !chance(10)) };
      default:
        return pick(STRINGS[place] ?? ['a', 'some text', '']);
    }
  }

  /** A value that fits almost nowhere. */
  #misfit(): Value {
    return this.#choices.pick<Value>([
      'misfit',
      12.5,
      true,
      { list: [] },
      { fields: [['a', 1]] },
      { enumValue: 'MISFIT' },
    ]);
  }
}

function nonNull(type: GraphQLInputType): GraphQLInputType {
  return isNonNullType(type) ? type : new GraphQLNonNull(type);
}

/** A value as a literal of GraphQL. */
export function toLiteral(value: Value): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if ('enumValue' in value) return value.enumValue;
  if ('variable' in value) return `$${value.variable}`;
  if ('list' in value) return `[${value.list.map(toLiteral).join(', ')}]`;
  return `{${value.fields.map(([name, member]) => `${name}: ${toLiteral(member)}`).join(', ')}}`;
}

/** A value without variables as JSON has it. */
export function toJson(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('enumValue' in value) return value.enumValue;
  if ('variable' in value) throw new Error('a variable has no value of its own');
  if ('list' in value) return value.list.map(toJson);
  return Object.fromEntries(value.fields.map(([name, member]) => [name, toJson(member)]));
}
