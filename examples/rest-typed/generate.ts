import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { loadConfig } from '../../src/config.ts';
import { buildOpenApi } from '../../src/server/openapi/openapi.ts';
import { restRoutes } from '../../src/server/rest/index.ts';

/** Where the types stand. */
export const TYPES_FILE = path.join(import.meta.dirname, 'generated', 'api.ts');

/**
 * The types of the REST face. A client of a running server gets the same by
 * `npx openapi-typescript http://localhost:8000/openapi.json -o api.ts`.
 */
export async function makeTypes(): Promise<string> {
  const routes = restRoutes(loadConfig({}));
  const document = buildOpenApi({ routes, models: [], serverVersion: '0.0.0', isClosed: true });
  return astToString(await openapiTS(document as OpenAPI3));
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(path.dirname(TYPES_FILE), { recursive: true });
  writeFileSync(TYPES_FILE, await makeTypes());
  console.log(`wrote ${path.relative('.', TYPES_FILE)}`);
}
