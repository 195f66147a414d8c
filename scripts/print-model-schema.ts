import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { manifestSchema } from '../src/repository/manifest.ts';
import { inputUnion } from '../src/repository/manifest/input.ts';
import { MANIFEST_SCHEMA_URL } from '../src/cli/manifest-template.ts';

/** Writes schema/model.schema.json, by which editors check `model.yaml`. */

const FILE = path.join(import.meta.dirname, '..', 'schema', 'model.schema.json');

/** What editors show for the sections. */
const ABOUT: Readonly<Record<string, string>> = {
  description: 'What the model does; shown in the API, GraphiQL and the console.',
  runtime: 'Engine that runs the model. Told by the files where left out.',
  file: 'File of each version that holds the model.',
  options: 'Options of the engine.',
  input: 'What clients send: text, an image, features or raw tensors.',
  output: 'What the model predicts: classes, labels, numbers, an embedding or raw tensors.',
  batching: 'How concurrent requests are joined.',
  workers: 'Threads or processes that run the model.',
  cache: 'How predictions are cached.',
  versions: 'Which versions are kept in memory, and labels for them.',
  traffic: 'How requests that name no version are spread over the versions.',
  version: 'Version that serves requests that name none.',
  capture: 'What is recorded of predictions where the server records them.',
  examples: 'Inputs to try, in the console, GraphiQL and Swagger UI.',
  entities: 'Types of other subgraphs that the model adds fields to (Apollo Federation 2).',
};

/** The JSON Schema of `model.yaml`, as text. */
export function printModelSchema(): string {
  const input: z.ZodType = inputUnion.optional();
  const schema = z.strictObject({ ...manifestSchema.shape, input });
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // A text whose encoding is left out is told by its other options.
      const { properties, required } = jsonSchema;
      if (properties?.encoding === undefined || !required) return;
      jsonSchema.required = required.filter((key) => key !== 'encoding');
    },
  });
  for (const [key, property] of Object.entries(rest.properties ?? {})) {
    const about = ABOUT[key];
    if (typeof property === 'object' && about !== undefined) property.description = about;
  }
  const document = { $schema, $id: MANIFEST_SCHEMA_URL, title: 'model.yaml', ...rest };
  return `${JSON.stringify(document, null, 2)}\n`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(FILE, printModelSchema());
}
