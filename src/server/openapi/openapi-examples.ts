import type { ModelInput } from '../../services/model-input.ts';
import type { ModelStatus } from '../../services/model-status.ts';

/** Most examples in one batch. */
const MAX_BATCH = 3;

/** An example as OpenAPI has it. */
export interface OpenApiExample {
  readonly summary: string;
  readonly value: unknown;
}

/**
 * Bodies that can be sent as they are: the examples of each model's card, those of the default model
 * first, and something to start from where no card gives any. Routes that do not predict have none.
 */
export function requestExamples(
  operationId: string,
  models: readonly ModelStatus[],
): Record<string, OpenApiExample> {
  if (operationId !== 'predict' && operationId !== 'predictBatch') return {};
  const withExamples = models
    .filter(({ examples }) => examples.length > 0)
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  const entries = withExamples.flatMap((model) =>
    operationId === 'predictBatch' ? [batchExample(model)] : singleExamples(model),
  );
  if (entries.length > 0) return Object.fromEntries(entries);
  const value =
    operationId === 'predictBatch' ? { inputs: ['One text', 'Another'] } : { input: 'A text' };
  return { text: { summary: 'A text', value } };
}

function singleExamples({ name, examples }: ModelStatus): [string, OpenApiExample][] {
  return examples.map(({ input }, i) => [
    `${name}-${i + 1}`,
    { summary: `${name}, example ${i + 1}`, value: { input: toShortInput(input), model: name } },
  ]);
}

function batchExample({ name, examples }: ModelStatus): [string, OpenApiExample] {
  const inputs = examples.slice(0, MAX_BATCH).map(({ input }) => toShortInput(input));
  return [name, { summary: name, value: { inputs, model: name } }];
}

/** A text may be written without the object around it. */
function toShortInput(input: ModelInput): unknown {
  return input.text ?? input;
}
