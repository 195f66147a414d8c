/** What of a prediction a field of an entity shows. */
export const ENTITY_VALUES = [
  'prediction',
  'label',
  'labels',
  'confidence',
  'value',
  'values',
  'vector',
] as const;

/** What of a prediction a field of an entity shows; `prediction` is the whole typed answer. */
export type EntityValue = (typeof ENTITY_VALUES)[number];

/** How the fields of an entity become the input of a model. */
export type EntityInput =
  /** Names of fields, joined by line breaks where there are several. */
  | { readonly text: readonly string[] }
  /** Name of the field with the file as a data URL or base64. */
  | { readonly image: string }
  /** Name of the field by column of the model. */
  | { readonly features: Readonly<Record<string, string>> };

/** A type of another subgraph that a model adds fields to (Apollo Federation 2). */
export interface EntityMapping {
  /** Name of the type, as in the other subgraph. */
  readonly type: string;
  /** Fields of its `@key`. */
  readonly key: readonly string[];
  readonly input: EntityInput;
  /** Fields that the model adds, by name. */
  readonly fields: Readonly<Record<string, EntityValue>>;
  /** GraphQL types of fields of the other subgraph, such as `Int!`, where the default is another. */
  readonly types: Readonly<Record<string, string>>;
}
