import { z } from 'zod';
import { ENTITY_VALUES } from '../../services/entity-mapping.ts';
import { section } from './section.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

const fieldName = z
  .string()
  .regex(NAME, 'expected the name of a GraphQL field')
  .refine((name) => !name.startsWith('__'), { message: 'names with __ belong to GraphQL' });

const oneOrMore = z.union(
  [fieldName.transform((name) => [name]), z.array(fieldName).min(1).max(32)],
  'expected the name of a field, or a list of such names',
);

/** From which fields of the entity the input of the model is made: exactly one of these. */
const input = z.union(
  [
    /** One field, or several that are joined by line breaks. */
    section({ text: oneOrMore }),
    section({ image: fieldName }),
    /** The field for each column. */
    section({ features: z.record(z.string().min(1).max(256), fieldName) }),
  ],
  'expected exactly one of text: FIELD, image: FIELD, features: {COLUMN: FIELD}',
);

/** A type of another subgraph, and the fields that the model adds to it. */
const entity = section({
  /** Fields of its `@key`. @default id */
  key: oneOrMore.default(['id']),
  input,
  /** What of the prediction each added field shows. */
  fields: z
    .record(fieldName, z.enum(ENTITY_VALUES))
    .refine((fields) => Object.keys(fields).length > 0, { message: 'expected at least one field' }),
  /**
   * Types of the other subgraph's fields where they differ.
   *
   * @default ID! for keys, String! for texts and images, the type of the column for features
   */
  types: z
    .record(
      fieldName,
      z
        .string()
        .regex(/^(ID|String|Int|Float|Boolean)!?$/, 'expected a scalar such as Int or Int!'),
    )
    .default({}),
}).superRefine(({ key, fields }, context) => {
  for (const name of Object.keys(fields)) {
    if (!key.includes(name)) continue;
    context.addIssue({ code: 'custom', path: ['fields', name], message: 'is a field of the key' });
  }
});

/** Entities of a federated graph, by the name of their type. */
export const entitiesSection = z
  .record(z.string().regex(NAME, 'expected the name of a GraphQL type'), entity)
  .default({});
