import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../../src/errors.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

type Json = Record<string, unknown>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly example?: string;
  }[];
  readonly requestBody?: {
    readonly content: Record<
      string,
      { readonly schema: Json; readonly examples: Record<string, { readonly value: unknown }> }
    >;
  };
  readonly responses: Record<string, { readonly description: string; readonly content: Json }>;
}

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Json>; readonly examples: Json };
}

/** Every `$ref` of a document. */
function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' && typeof item === 'string' ? [item] : refsOf(item),
  );
}

function resolve(document: unknown, ref: string): unknown {
  expect(ref).toMatch(/^#\//);
  return ref
    .slice(2)
    .split('/')
    .reduce((value, key) => (value as Json | undefined)?.[key], document);
}

describe('the OpenAPI document', () => {
  let server: TestServer;
  let document: OpenApi;
  let operations: { path: string; method: string; operation: Operation }[];
  beforeAll(async () => {
    server = await startServer();
    document = (await (await fetch(`${server.url}/openapi.json`)).json()) as OpenApi;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  });
  afterAll(() => server.close());

  it('is of version 3.1 and names every route', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info).toMatchObject({ title: 'ML Inference API', version: '1.2.3' });
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /predict',
      'post /predict/batch',
      'get /models',
      'get /models/{name}',
      'post /models/{name}/load',
      'post /models/{name}/unload',
      'post /models/reload',
      'put /models/{name}/traffic',
      'get /models/{name}/comparison',
      'get /models/{name}/drift',
      'post /models/{name}/drift/profile',
      'post /outcomes',
      'get /health',
      'get /livez',
      'get /readyz',
      'get /metrics',
      'get /metrics/prometheus',
      'get /metrics/history',
      'get /requests',
      'get /events',
      'get /replicas',
      'get /usage',
      'get /viewer',
      'get /v2',
      'get /v2/health/live',
      'get /v2/health/ready',
      'get /v2/models/stats',
      ...['', '/versions/{version}'].flatMap((version) => [`get /v2/models/{model}${version}`]),
      ...[
        'get /ready',
        'get /config',
        'get /stats',
        'post /infer',
        'post /generate',
        'post /generate_stream',
      ].flatMap((route) => {
        const [method, rest] = route.split(' ');
        const model = `${method} /v2/models/{model}`;
        return [`${model}${rest}`, `${model}/versions/{version}${rest}`];
      }),
      'post /v2/repository/index',
      'post /v2/repository/models/{model}/load',
      'post /v2/repository/models/{model}/unload',
    ]);
  });

  it('refers only to what it has', () => {
    const refs = refsOf(document);
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of refs) expect(resolve(document, ref), ref).toBeDefined();
  });

  it('gives every operation what tools need', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      expect(operation.summary).not.toBe('');
      expect(operation.tags).toHaveLength(1);
      expect(operation.responses).toHaveProperty('200');
      expect(operation.responses).toHaveProperty('500');
      for (const name of path.matchAll(/\{(\w+)\}/g)) {
        expect(operation.parameters).toContainEqual(
          expect.objectContaining({ in: 'path', name: name[1], required: true }),
        );
      }
    }
  });

  it('has an example of every error', () => {
    expect(Object.keys(document.components.examples).sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it('describes the bodies by the schemas that validate them', () => {
    expect(document.components.schemas.ModelInput).toMatchObject({
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
    });
    expect(document.components.schemas.PredictRequest).toMatchObject({ required: ['input'] });
    const batch = document.paths['/predict/batch']?.post?.requestBody?.content['application/json'];
    expect(batch?.schema).toMatchObject({
      properties: { inputs: { minItems: 1, maxItems: 10_000 } },
    });
  });

  it('gives examples that can be sent as they are', async () => {
    let sent = 0;
    for (const { path, operation } of operations) {
      const examples = operation.requestBody?.content['application/json']?.examples ?? {};
      for (const { value } of Object.values(examples)) {
        const response = await server.post(path, value);
        expect(response.status).toBe(200);
        sent++;
      }
    }
    expect(sent).toBe(2);
    const example = document.paths['/models/{name}']?.get?.parameters?.[0]?.example;
    expect((await fetch(`${server.url}/models/${example ?? ''}`)).status).toBe(200);
  });

  it('describes images that are sent as files', () => {
    for (const [path, image] of [
      ['/predict', { type: 'string', contentMediaType: 'application/octet-stream' }],
      [
        '/predict/batch',
        { type: 'array', items: { contentMediaType: 'application/octet-stream' } },
      ],
    ] as const) {
      const content = document.paths[path]?.post?.requestBody?.content ?? {};
      expect(Object.keys(content)).toEqual([
        'application/json',
        'multipart/form-data',
        'image/png',
        'image/jpeg',
        'image/webp',
      ]);
      expect(content['multipart/form-data']?.schema).toMatchObject({
        properties: { image, model: { type: 'string' } },
        required: ['image'],
      });
      const names = document.paths[path]?.post?.parameters?.map((parameter) => parameter.name);
      expect(names).toEqual(expect.arrayContaining(['model', 'version', 'cache']));
    }
  });
});
