import { badInput } from '../../src/errors.ts';
import type { EntityInput, EntityMapping } from '../../src/services/entity-mapping.ts';
import type { ModelInput } from '../../src/services/model-input.ts';
import type { InputColumn } from '../../src/services/model-status.ts';

/** What a router sends of an entity: its type, its key, and the fields that `@requires` names. */
export type Representation = Readonly<Record<string, unknown>>;

/** A scalar, as a field of another subgraph is declared. */
export interface ScalarType {
  readonly type: 'ID' | 'String' | 'Int' | 'Float' | 'Boolean';
  readonly nullable: boolean;
}

/** Names of the fields that the input of the model is made from, each once. */
export function requiredFields(input: EntityInput): string[] {
  if ('text' in input) return [...new Set(input.text)];
  if ('image' in input) return [input.image];
  return [...new Set(Object.values(input.features))];
}

/** Type of a field of the other subgraph, as `model.yaml` says it or as the model suggests it. */
export function externalType(
  { key, input, types }: EntityMapping,
  field: string,
  columns: readonly InputColumn[],
): ScalarType {
  const told = types[field];
  if (told !== undefined) {
    return { type: told.replace('!', '') as ScalarType['type'], nullable: !told.endsWith('!') };
  }
  if (key.includes(field)) return { type: 'ID', nullable: false };
  if (!('features' in input)) return { type: 'String', nullable: false };
  const name = Object.entries(input.features).find(([, from]) => from === field)?.[0];
  const column = columns.find((each) => each.name === name);
  const type = { numeric: 'Float', boolean: 'Boolean', string: 'String', categorical: 'String' };
  return {
    type: type[column?.type ?? 'string'] as ScalarType['type'],
    nullable: !(column?.required ?? true),
  };
}

/**
 * The input of the model for one entity.
 *
 * @returns `null` where the entity has no value that a prediction needs
 * @throws {ServiceError} `BAD_USER_INPUT` where the router left out a field of `@requires`, or sent
 *   another type
 */
export function toInput(mapping: EntityMapping, representation: Representation): ModelInput | null {
  const { input } = mapping;
  if ('features' in input) {
    const features: Record<string, unknown> = {};
    for (const [column, field] of Object.entries(input.features)) {
      const value = read(mapping, representation, field);
      if (value !== null) features[column] = value;
    }
    return { features };
  }
  const values = 'text' in input ? input.text : [input.image];
  const texts = values.map((field) => read(mapping, representation, field));
  const present = texts.filter((value) => value !== null);
  if (present.length === 0) return null;
  for (const [i, value] of texts.entries()) {
    if (value === null || typeof value === 'string') continue;
    throw badInput(`${mapping.type}.${values[i] ?? ''}: expected a string.`);
  }
  const text = (present as string[]).join('\n');
  return 'text' in input ? { text } : { image: text };
}

function read({ type }: EntityMapping, representation: Representation, field: string): unknown {
  const value = Object.hasOwn(representation, field) ? representation[field] : undefined;
  if (value !== undefined) return value;
  throw badInput(
    `The representation of ${type} lacks "${field}", which @requires names; a router adds it.`,
    { field },
  );
}
