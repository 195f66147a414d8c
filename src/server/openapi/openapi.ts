import { type ErrorCode, ERRORS } from '../../errors.ts';
import type { ModelStatus } from '../../services/model-status.ts';
import { requestExamples } from './openapi-examples.ts';
import { protocolPaths } from './protocol-paths.ts';
import { uploadContent } from './upload-content.ts';
import { SchemaComponents } from './schema-components.ts';
import { errorSchema } from '../rest/schemas.ts';
import type { RestAnswer, RestParameter, RestRoute } from '../rest/route.ts';

/** What the document is made of. */
export interface OpenApiSources {
  readonly routes: readonly RestRoute[];
  readonly models: readonly ModelStatus[];
  /** Version of the server. */
  readonly serverVersion: string;
  /** Whether requests want a credential. */
  readonly isClosed: boolean;
}

type Json = Record<string, unknown>;

const TAGS = [
  { name: 'Predictions', description: 'Ask a model.' },
  { name: 'Models', description: 'What is served.' },
  { name: 'Operations', description: 'How the server is, for people and for orchestrators.' },
  {
    name: 'Open Inference Protocol',
    description:
      'The protocol of Triton, KServe, MLServer and OpenVINO Model Server, with shapes and errors of its own.',
  },
];

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key (`mlapi_…`), or a JSON Web Token of the configured issuer.',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
};

/** Errors of routes that want a credential. */
const ACCESS_ERRORS: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'];

/** Errors that any route may answer. */
const COMMON_ERRORS: readonly ErrorCode[] = ['INTERNAL_SERVER_ERROR'];

/** Errors that any route with a body may answer. */
const BODY_ERRORS: readonly ErrorCode[] = [
  'BAD_USER_INPUT',
  'JSON_TOO_COMPLEX',
  'REQUEST_TIMEOUT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

/**
 * The OpenAPI 3.1 document of the REST API, from the zod schemas that validate its requests and
 * describe its answers.
 */
export function buildOpenApi({ routes, models, serverVersion, isClosed }: OpenApiSources): object {
  const schemas = new SchemaComponents();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = toOperation(route, models, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ML Inference API',
      version: serverVersion,
      description:
        'REST API for predictions with the models of the repository. The same is available as GraphQL ' +
        'at `/graphql`. Every response carries the ID of its request in the header `X-Request-Id`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: TAGS,
    // Each of them alone will do; an open server takes none, too.
    security: [{ bearer: [] }, { apiKey: [] }, ...(isClosed ? [] : [{}])],
    paths: { ...paths, ...protocolPaths(schemas) },
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: schemas.all,
      examples: Object.fromEntries(
        Object.entries(ERRORS).map(([code, { summary }]) => [
          code,
          { summary: code, value: { error: { code, message: summary } } },
        ]),
      ),
      headers: {
        RequestId: { description: 'ID of the request in the log.', schema: { type: 'string' } },
        RetryAfter: {
          description: 'Seconds to wait before a retry.',
          schema: { type: 'integer', minimum: 0 },
        },
      },
    },
  };
}

function toOperation(
  route: RestRoute,
  models: readonly ModelStatus[],
  schemas: SchemaComponents,
): Json {
  const codes = new Set([
    ...(route.requestSchema ? BODY_ERRORS : []),
    ...(route.isPublic ? [] : ACCESS_ERRORS),
    ...route.errors,
    ...COMMON_ERRORS,
  ]);
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: route.tags,
    ...(route.isPublic && { security: [] }),
    ...(route.parameters && {
      parameters: route.parameters.map((parameter) => toParameter(parameter, models, schemas)),
    }),
    ...(route.requestSchema && {
      requestBody: {
        required: route.bodyOptional !== true,
        content: {
          'application/json': {
            schema: schemas.use(route.requestSchema),
            examples: requestExamples(route.operationId, models),
          },
          ...(route.upload && uploadContent(route.upload, models, schemas)),
        },
      },
    }),
    responses: { ...errorResponses([...codes], schemas), ...answers(route.responses, schemas) },
  };
}

function toParameter(
  { name, in: place, description, schema, required = false }: RestParameter,
  models: readonly ModelStatus[],
  schemas: SchemaComponents,
): Json {
  const model = models.find(({ isDefault }) => isDefault) ?? models[0];
  return {
    name,
    in: place,
    description,
    required,
    schema: schemas.use(schema),
    ...(place === 'path' && model && { example: model.name }),
  };
}

function answers(responses: Readonly<Record<number, RestAnswer>>, schemas: SchemaComponents): Json {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, content }]) => [
      status,
      {
        description,
        headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
        content: Object.fromEntries(
          Object.entries(content).map(([type, schema]) => [type, { schema: schemas.use(schema) }]),
        ),
      },
    ]),
  );
}

function errorResponses(codes: readonly ErrorCode[], schemas: SchemaComponents): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${ERRORS[code].summary}`).join('\n\n'),
        headers: {
          'X-Request-Id': { $ref: '#/components/headers/RequestId' },
          ...((status === 429 || status === 503) && {
            'Retry-After': { $ref: '#/components/headers/RetryAfter' },
          }),
        },
        content: {
          'application/json': {
            schema: schemas.use(errorSchema),
            examples: Object.fromEntries(
              group.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
            ),
          },
        },
      },
    ]),
  );
}
