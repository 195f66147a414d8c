import type { GraphQLResolveInfo } from 'graphql';
import { badInput } from '../../src/errors.ts';
import type { EntityMapping, EntityValue } from '../../src/services/entity-mapping.ts';
import type { ModelStatus } from '../../src/services/model-status.ts';
import type { Prediction } from '../../src/services/prediction.ts';
import type { Builder } from '../builder.ts';
import { costs } from '../cost.ts';
import type { GraphQLContext, SchemaLimits } from '../context.ts';
import type { AppliedDirective } from '../directives.ts';
import { toOptions } from '../predict.ts';
import type { TypedModel } from '../typed/index.ts';
import { externalType, type Representation, requiredFields, toInput } from './entity-fields.ts';
import { Gathering } from './gathering.ts';

/** An entity while an operation is executed. */
interface Entity {
  readonly type: string;
  readonly representation: Representation;
  /** Predictions for it by model: fields that show parts of one share it. */
  readonly predictions: Map<string, Promise<Prediction | null>>;
}

/** Time that entities wait for those of other requests, in milliseconds. */
const DEFAULT_WINDOW_MS = 2;

/** A model and one of its mappings. */
interface Contribution {
  readonly model: TypedModel;
  readonly mapping: EntityMapping;
}

const directives = (...applied: readonly AppliedDirective[]) => ({
  extensions: { directives: applied },
});

/**
 * Defines the types of other subgraphs that models add fields to, and `_entities`, by which a router
 * fetches them. The directives stand in the extensions of types and fields, and are printed in the
 * SDL of `_service`.
 *
 * @see https://specs.apollo.dev/federation/v2.3
 */
export function defineEntities(
  builder: Builder,
  models: readonly TypedModel[],
  limits: SchemaLimits,
): void {
  const gathering = new Gathering(limits.entityWindowMs ?? DEFAULT_WINDOW_MS);
  const types = new Map<string, Contribution[]>();
  for (const model of models) {
    for (const mapping of model.status.entities ?? []) {
      // A name that this schema has itself: `validate` and the log say so.
      if (isTaken(builder, mapping.type)) continue;
      const contributions = types.get(mapping.type) ?? [];
      contributions.push({ model, mapping });
      types.set(mapping.type, contributions);
    }
  }
  if (types.size === 0) return;
  const refs = Array.from(types, ([name, contributions]) =>
    defineEntity(builder, name, contributions, gathering),
  );
  const known = new Set(types.keys());

  builder.scalarType('_Any', {
    description: 'Representation of an entity, as a router of a federated graph sends it.',
    serialize: (value) => value,
    parseValue: (value) => value as Representation,
  });
  const union = builder.unionType('_Entity', {
    description: 'Any entity that a model of this server adds fields to.',
    types: refs,
    resolveType: ({ type }) => type,
  });
  builder.queryField('_entities', (t) =>
    t.field({
      type: t.listRef(union, { nullable: true }),
      extensions: costs(
        { size: ({ representations }) => (representations as readonly unknown[]).length },
        {},
      ),
      description:
        'Entities by their keys, for routers of a federated graph. Each needs one prediction ' +
        'for each model whose fields are selected; all of them run as one batch.',
      args: {
        representations: t.arg({
          type: ['_Any'],
          required: true,
          description: `Representations of entities, at most ${limits.maxBatchInputs}.`,
          validate: {
            maxLength: [
              limits.maxBatchInputs,
              { message: `expected at most ${limits.maxBatchInputs} representations` },
            ],
          },
        }),
      },
      // An invalid one fails alone: GraphQL takes an Error in a list for the failure of its item.
      resolve: (_root, { representations }) =>
        (representations as readonly unknown[]).map((value) =>
          toEntity(value, known),
        ) as unknown as Entity[],
    }),
  );
}

function isTaken(builder: Builder, name: string): boolean {
  return (
    builder.configStore.typeConfigs.has(name) ||
    ['Query', 'Mutation', 'Subscription', 'ID', 'String', 'Int', 'Float', 'Boolean'].includes(name)
  );
}

function toEntity(value: unknown, known: ReadonlySet<string>): Entity | Error {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return badInput('A representation must be an object with __typename and the fields of a key.');
  }
  const representation = value as Representation;
  const type = representation.__typename;
  if (typeof type === 'string' && known.has(type)) {
    return { type, representation, predictions: new Map() };
  }
  return badInput(
    `A representation must name one of these types as __typename: ${[...known].join(', ')}.`,
  );
}

const objectRef = (builder: Builder, name: string) => builder.objectRef<Entity>(name);

function defineEntity(
  builder: Builder,
  name: string,
  contributions: readonly Contribution[],
  gathering: Gathering,
) {
  const ref = objectRef(builder, name);
  const keys = new Map(contributions.map(({ mapping: { key } }) => [key.join(' '), key]));
  const external = new Map<string, { contribution: Contribution; isKey: boolean }>();
  for (const contribution of contributions) {
    const { key, input } = contribution.mapping;
    for (const field of key) external.set(field, { contribution, isKey: true });
    for (const field of requiredFields(input)) {
      if (!external.has(field)) external.set(field, { contribution, isKey: false });
    }
  }
  ref.implement({
    description: `A ${name} of another subgraph, with the predictions of models of this server.`,
    ...directives(...Array.from(keys.keys(), (fields) => ({ name: 'key', args: { fields } }))),
    fields: (t) =>
      Object.fromEntries(
        Array.from(external, ([field, { contribution, isKey }]) => {
          const { mapping, model } = contribution;
          const { type, nullable } = externalType(mapping, field, model.status.columns ?? []);
          return [
            field,
            t.field({
              type,
              nullable,
              description: `The field ${field} of the subgraph that owns ${name}.`,
              ...(isKey ? {} : directives({ name: 'external' })),
              resolve: ({ representation }) => {
                const value = representation[field];
                if (value !== undefined) return value as string;
                throw badInput(`The representation of ${name} lacks "${field}".`, { field });
              },
            }),
          ];
        }),
      ),
  });
  const taken = new Set(external.keys());
  for (const contribution of contributions) {
    for (const [field, value] of Object.entries(contribution.mapping.fields)) {
      // The first model in alphabetical order has the field.
      if (taken.has(field)) continue;
      taken.add(field);
      addField(builder, ref, contribution, field, value, gathering);
    }
  }
  return ref;
}

type EntityRef = ReturnType<typeof objectRef>;

function addField(
  builder: Builder,
  ref: EntityRef,
  { model, mapping }: Contribution,
  field: string,
  value: EntityValue,
  gathering: Gathering,
): void {
  const { status, output } = model;
  const common = {
    nullable: true as const,
    description: `${ABOUT[value]} of the model "${status.name}".`,
    extensions: costs(
      { model: status.name, isShared: true },
      directives({
        name: 'requires',
        args: { fields: requiredFields(mapping.input).join(' ') },
      }).extensions,
    ),
  };
  const predict = (
    entity: Entity,
    context: GraphQLContext,
    info: GraphQLResolveInfo,
  ): Promise<Prediction | null> => {
    const wanted = value === 'prediction' ? output.wanted(info) : {};
    const memoKey = value === 'prediction' ? `${status.name} ${field}` : status.name;
    let prediction = entity.predictions.get(memoKey);
    if (!prediction) {
      prediction = predictLater(model, mapping, entity, context, gathering, wanted);
      entity.predictions.set(memoKey, prediction);
    }
    return prediction;
  };
  builder.objectField(ref, field, (t) => {
    switch (value) {
      case 'prediction':
        return t.field({
          ...common,
          type: output.type,
          resolve: (entity, _args, context, info) => predict(entity, context, info),
        });
      case 'label':
        return t.field({
          ...common,
          type: (output.label ?? 'String') as 'String',
          resolve: async (entity, _args, context, info) =>
            (await predict(entity, context, info))?.prediction as string,
        });
      case 'labels':
        return t.field({
          ...common,
          type: [(output.label ?? 'String') as 'String'],
          resolve: async (entity, _args, context, info) =>
            (await predict(entity, context, info))?.prediction as string[],
        });
      case 'confidence':
        return t.float({
          ...common,
          resolve: async (entity, _args, context, info) =>
            (await predict(entity, context, info))?.confidence,
        });
      case 'value':
        return t.float({
          ...common,
          resolve: async (entity, _args, context, info) => {
            const answer = (await predict(entity, context, info))?.prediction;
            return typeof answer === 'number' ? answer : null;
          },
        });
      case 'values':
      case 'vector':
        return t.floatList({
          ...common,
          resolve: async (entity, _args, context, info) => {
            const answer = (await predict(entity, context, info))?.prediction;
            return answer === undefined ? null : ([answer].flat() as number[]);
          },
        });
    }
  });
}

async function predictLater(
  { status }: TypedModel,
  mapping: EntityMapping,
  { representation }: Entity,
  context: GraphQLContext,
  gathering: Gathering,
  wanted: ReturnType<TypedModel['output']['wanted']>,
): Promise<Prediction | null> {
  const input = toInput(mapping, representation);
  if (!input) return null;
  await gathering.join();
  return context.services.predictions.predict(context.call, {
    ...toOptions({ model: status.name }, false),
    ...wanted,
    input,
  });
}

const ABOUT: Readonly<Record<EntityValue, string>> = {
  prediction: 'Prediction',
  label: 'Most likely label',
  labels: 'Predicted labels',
  confidence: 'Confidence of the prediction',
  value: 'Predicted number',
  values: 'Predicted numbers',
  vector: 'Embedding',
};

/** Which fields a model of this kind of output can add. */
export function possibleValues(outputKind: ModelStatus['outputKind']): readonly EntityValue[] {
  switch (outputKind) {
    case 'classification':
      return ['prediction', 'label', 'confidence'];
    case 'multi-label':
      return ['prediction', 'labels', 'confidence'];
    case 'regression':
      return ['prediction', 'value', 'values'];
    case 'embedding':
      return ['prediction', 'vector'];
    case 'tensors':
    case null:
      return ['prediction'];
  }
}
