import { type ConstDirectiveNode, Kind, parseConstValue } from 'graphql';
import type { ModelStatus } from '../src/services/model-status.ts';
import type { ModelCostReader } from '../src/services/model-costs.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** What a field costs besides itself; stands in the field's extensions as `cost`. */
export interface FieldCost {
  /** Model whose rows the field computes. */
  readonly model?: string;
  /** Whether it computes rows of the model that the argument `model` names, or of the default one. */
  readonly anyModel?: boolean;
  /** Whether fields of the same model and object share one row. @default false */
  readonly isShared?: boolean;
  /** Rows that it computes. @default 1 */
  readonly rows?: (args: Arguments) => number;
  /** Items of the list that it answers. @default 1 */
  readonly size?: (args: Arguments) => number;
  /** Field of its object that answers a list of as many items as there are {@link rows}. */
  readonly sizedField?: string;
  /** Arguments with the number of items, for gateways. */
  readonly slicingArguments?: readonly string[];
  /** Items that gateways assume, where no argument tells. */
  readonly assumedSize?: number;
}

/** Extensions of a field that costs more than itself. */
export function costs<E extends object>(cost: FieldCost, extensions: E): E & { cost: FieldCost } {
  return { ...extensions, cost };
}

/** Reads what {@link costs} has written. */
export function costOf(element: {
  readonly extensions?: Readonly<Record<string, unknown>>;
}): FieldCost | undefined {
  return element.extensions?.cost as FieldCost | undefined;
}

/** Weights of the models that a caller sees, for the schema that is printed for it. */
export interface PrintedWeights {
  weight(model: string): number;
  /** Weight of a row of the default model. */
  readonly defaultWeight: number;
}

/** Reads the weights for those who see these models. */
export function weightsFor(
  costs: ModelCostReader,
  models: readonly ModelStatus[],
): PrintedWeights & { readonly key: string } {
  const weights = new Map(models.map(({ name }) => [name, costs.weight(name)]));
  const fallback = models.find(({ isDefault }) => isDefault);
  return {
    weight: (model) => weights.get(model) ?? costs.weight(model),
    defaultWeight: fallback ? costs.weight(fallback.name) : 1,
    key: [fallback?.name, ...weights.values()].join(),
  };
}

/**
 * The directives `@cost` and `@listSize` of a field, as gateways read them.
 *
 * @see https://specs.apollo.dev/cost/v0.1/
 */
export function costDirectives(
  element: { readonly extensions?: Readonly<Record<string, unknown>> } | undefined,
  weights: PrintedWeights,
): ConstDirectiveNode[] {
  const cost = element && costOf(element);
  if (!cost) return [];
  const directives: ConstDirectiveNode[] = [];
  if (cost.model !== undefined) directives.push(costDirective(weights.weight(cost.model)));
  const { assumedSize, slicingArguments, sizedField } = cost;
  if (assumedSize !== undefined || slicingArguments) {
    directives.push(
      directive('listSize', {
        ...(assumedSize !== undefined && { assumedSize }),
        ...(slicingArguments && { slicingArguments }),
        ...(sizedField !== undefined && { sizedFields: [sizedField] }),
        ...(slicingArguments && { requireOneSlicingArgument: false }),
      }),
    );
  }
  return directives;
}

/** `@cost` with a weight in microseconds. */
export function costDirective(weight: number): ConstDirectiveNode {
  return directive('cost', { weight });
}

function directive(name: string, args: Readonly<Record<string, unknown>>): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value: parseConstValue(JSON.stringify(value)),
    })),
  };
}
