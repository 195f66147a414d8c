import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildSchema } from '../schema/index.ts';
import { printSortedSchema } from '../schema/print.ts';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';

/**
 * Prints the GraphQL schema of a folder of models, for the code generator of a frontend. Without
 * options it writes that of the shipped models to schema/schema.graphql.
 *
 *   npm run schema -- --models DIR [--out FILE]
 */
const { values } = parseArgs({
  options: { models: { type: 'string' }, out: { type: 'string' } },
});
const config = loadConfig(
  { LOG_LEVEL: 'error' },
  { modelsDir: values.models ?? 'models', redisUrl: undefined },
);
const app = createApp(config);
await app.catalog.load();
const printed = printSortedSchema(buildSchema(app.catalog.list(), config));
const out = values.out ?? (values.models === undefined ? 'schema/schema.graphql' : undefined);
if (out === undefined) process.stdout.write(printed);
else writeFileSync(out, printed);
await app.stop();
