import { enumValueName, fieldName, typeName } from '../../../schema/typed/names.ts';
import type { ModelStatus } from '../../services/model-status.ts';

/** Names that fields of Query have which are no models. */
const TAKEN = new Set(['health', 'metrics', 'models', 'model', 'modelComparison']);

/** Longest text that is written into an operation, in characters. */
const MAX_LITERAL = 2_000;

/** One field of a typed query, with the variables that it needs. */
interface TypedField {
  readonly text: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * One query of the typed fields of models, on the examples of their cards: they run as one batch
 * for each model.
 *
 * @returns `null` where no model has an example that can be written so
 */
export function typedQuery(
  models: readonly ModelStatus[],
): { readonly query: string; readonly variables: string } | null {
  const fields = models.map(typedField).filter((field) => field !== null);
  if (fields.length === 0) return null;
  const variables = Object.assign({}, ...fields.map((field) => field.variables)) as object;
  const names = Object.keys(variables);
  const declared =
    names.length === 0 ? '' : `(${names.map((name) => `$${name}: String!`).join(', ')})`;
  return {
    query: `# Each model has a typed field. Press Ctrl+Enter (or ⌘+Enter) to run it.
query TypedPredictions${declared} {
${fields.map(({ text }) => text).join('\n')}
}
`,
    variables: names.length === 0 ? '' : JSON.stringify(variables, null, 2),
  };
}

function typedField(model: ModelStatus): TypedField | null {
  const field = fieldName(model.name);
  const input = model.examples[0]?.input;
  if (field === null || TAKEN.has(field) || !input || model.servingVersion === null) return null;
  if (input.text !== undefined) return write(model, field, { text: input.text });
  if (typeof input.image === 'string') return write(model, field, { image: input.image });
  if (input.features === undefined) return null;
  const literals: string[] = [];
  for (const [name, value] of Object.entries(input.features)) {
    const column = model.columns?.find((each) => each.name === name);
    const argument = fieldName(name);
    if (!column || argument === null) return null;
    const isEnum =
      column.type === 'categorical' &&
      column.closed === true &&
      (column.values ?? []).every((each) => typeof each === 'string');
    const literal = isEnum ? enumValueName(String(value)) : JSON.stringify(value);
    if (literal === null) return null;
    literals.push(`${argument}: ${literal}`);
  }
  return { text: selection(model, field, literals.join(', ')), variables: {} };
}

function write(
  model: ModelStatus,
  field: string,
  argument: Readonly<Record<string, string>>,
): TypedField {
  const [[name, value] = ['', '']] = Object.entries(argument);
  if (value.length <= MAX_LITERAL) {
    return { text: selection(model, field, `${name}: ${JSON.stringify(value)}`), variables: {} };
  }
  const variable = `${name}Of${typeName(model.name) ?? ''}`;
  return {
    text: selection(model, field, `${name}: $${variable}`),
    variables: { [variable]: value },
  };
}

function selection({ outputKind }: ModelStatus, field: string, args: string): string {
  return `  ${field}(${args}) {\n    ${SELECTIONS[outputKind ?? 'tensors']}\n  }`;
}

const SELECTIONS: Readonly<Record<NonNullable<ModelStatus['outputKind']>, string>> = {
  classification: 'label\n    confidence',
  'multi-label': 'labels\n    confidence',
  regression: 'values\n    unit',
  embedding: 'vector',
  tensors: 'outputs {\n      name\n      shape\n      data\n    }',
};
