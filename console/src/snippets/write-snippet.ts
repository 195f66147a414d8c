import type { Json, ModelInput } from '../api/types.ts';

/** Languages that a call can be written in. */
export const LANGUAGES = ['curl', 'GraphQL', 'TypeScript'] as const;

/** Language that a call can be written in. */
export type Language = (typeof LANGUAGES)[number];

/** The call to write. */
export interface Call {
  /** Address of the server, without a slash at its end. */
  readonly origin: string;
  readonly model: string;
  readonly input: ModelInput;
  /** Name of the file that the image was read from. @default it was not read from one */
  readonly file?: string | undefined;
}

/** Longest image that is written out; longer ones are read from a file. */
const MAX_IMAGE = 4_000;

/** Writes a call as code that can be run as it is. */
export function writeSnippet(language: Language, call: Call): string {
  if (language === 'curl') return writeCurl(call);
  return language === 'GraphQL' ? writeOperation(call) : writeTypeScript(call);
}

function writeCurl({ origin, model, input, file }: Call): string {
  if (file !== undefined || isLarge(input)) {
    const image = quote(file ?? 'image.png');
    return `curl ${origin}/predict -F model='${quote(model)}' -F image=@'${image}'`;
  }
  return `curl ${origin}/predict \\\n  -H 'content-type: application/json' \\\n  -d '${quote(JSON.stringify({ model, input }))}'`;
}

/** Inside single quotes a shell knows no escapes: the quotes are closed around one. */
function quote(text: string): string {
  return text.replaceAll("'", "'\\''");
}

function writeOperation({ model, input }: Call): string {
  const shown = (isLarge(input) ? { image: 'data:image/png;base64,…' } : input) as Json;
  const fields = `prediction
    confidence
    scores(top: 5) { label score }
    version
    cached
    latencyMs`;
  if (Object.keys(input.features ?? {}).every((key) => GRAPHQL_NAME.test(key))) {
    return `mutation {
  predict(model: ${JSON.stringify(model)}, input: ${toLiteral(shown)}) {
    ${fields}
  }
}`;
  }
  const variables = JSON.stringify({ model, input: shown }, null, 2).replaceAll('\n', '\n# ');
  return `mutation Predict($model: String, $input: ModelInput!) {
  predict(model: $model, input: $input) {
    ${fields}
  }
}

# Variables:
# ${variables}`;
}

/** What may stand as a bare key; columns of other names need variables. */
const GRAPHQL_NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

/** A value in the syntax of GraphQL: keys are bare, and so is the enum `datatype` of tensors. */
function toLiteral(value: Json, isTensor = false): string {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((each) => toLiteral(each, isTensor));
    return `[${items.join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value as Readonly<Record<string, Json>>).map(([key, each]) =>
    isTensor && key === 'datatype' && typeof each === 'string'
      ? `datatype: ${each}`
      : `${key}: ${toLiteral(each, key === 'tensors')}`,
  );
  return `{ ${fields.join(', ')} }`;
}

function writeTypeScript({ origin, model, input }: Call): string {
  const large = isLarge(input);
  const variables = large
    ? `{ model: ${JSON.stringify(model)}, input: { image } }`
    : writeObject({ model, input });
  const read = large
    ? `import { readFile } from 'node:fs/promises';

const image = (await readFile('image.png')).toString('base64');
`
    : '';
  return `${read}const response = await fetch('${origin}/graphql', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    query: \`
      mutation Predict($model: String, $input: ModelInput!) {
        predict(model: $model, input: $input) {
          prediction
          confidence
        }
      }
    \`,
    variables: ${variables},
  }),
});
const { data } = (await response.json()) as {
  data: { predict: { prediction: unknown; confidence: number | null } };
};
console.log(data.predict.prediction, data.predict.confidence);`;
}

/** On one line where that is short. */
function writeObject(value: object): string {
  const line = JSON.stringify(value);
  return line.length < 80 ? line : JSON.stringify(value, null, 2).replaceAll('\n', '\n    ');
}

function isLarge(input: ModelInput): boolean {
  return (input.image?.length ?? 0) > MAX_IMAGE;
}
