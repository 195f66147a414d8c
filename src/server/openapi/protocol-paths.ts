import { z } from 'zod';
import { type ErrorCode, ERRORS } from '../../errors.ts';
import { HEADER_LENGTH } from '../../inference-protocol/infer-body.ts';
import { ROUTES, type InferenceRoute } from '../inference-protocol/routes.ts';
import {
  generateRequestSchema,
  generateResponseSchema,
  indexRequestSchema,
  indexResponseSchema,
  inferRequestSchema,
  inferResponseSchema,
  liveSchema,
  modelConfigSchema,
  modelMetadataSchema,
  modelReadySchema,
  protocolErrorSchema,
  readySchema,
  repositoryRequestSchema,
  serverMetadataSchema,
  statisticsSchema,
} from './protocol-schemas.ts';
import type { SchemaComponents } from './schema-components.ts';

type Json = Record<string, unknown>;

/** How a route of the protocol is described. */
interface RouteDocument {
  readonly summary: string;
  readonly request?: z.ZodType;
  /** Whether an empty body stands for an empty object. */
  readonly bodyOptional?: boolean;
  /** @default an empty body */
  readonly response?: z.ZodType;
  /** Media type of the answer. @default JSON */
  readonly mediaType?: string;
  /** Whether tensors may stand in binary behind the JSON, both ways. */
  readonly isBinary?: boolean;
}

/** By the `operationId` of the route; that of a version ends in `OfVersion`. */
const DOCUMENTS: Readonly<Record<string, RouteDocument>> = {
  v2ServerMetadata: { summary: 'Metadata of the server', response: serverMetadataSchema },
  v2Live: { summary: 'Whether the server is alive', response: liveSchema },
  v2Ready: { summary: 'Whether the server is ready', response: readySchema },
  v2Statistics: { summary: 'Statistics of all models', response: statisticsSchema },
  v2ModelMetadata: { summary: 'Metadata of a model', response: modelMetadataSchema },
  v2ModelReady: { summary: 'Whether a model is ready', response: modelReadySchema },
  v2ModelConfig: { summary: 'Configuration of a model', response: modelConfigSchema },
  v2ModelStatistics: { summary: 'Statistics of a model', response: statisticsSchema },
  v2Infer: {
    summary: 'Infer',
    request: inferRequestSchema,
    response: inferResponseSchema,
    isBinary: true,
  },
  v2Generate: {
    summary: 'Generate text from a text',
    request: generateRequestSchema,
    response: generateResponseSchema,
  },
  v2GenerateStream: {
    summary: 'Generate text from a text, as an event stream',
    request: generateRequestSchema,
    response: z.string().meta({ description: 'Events whose data is a V2GenerateResponse.' }),
    mediaType: 'text/event-stream',
  },
  v2RepositoryIndex: {
    summary: 'Index of the models',
    request: indexRequestSchema,
    bodyOptional: true,
    response: indexResponseSchema,
  },
  v2LoadModel: { summary: 'Load a model', request: repositoryRequestSchema, bodyOptional: true },
  v2UnloadModel: {
    summary: 'Unload a model',
    request: repositoryRequestSchema,
    bodyOptional: true,
  },
};

const PARAMETERS: Readonly<Record<string, string>> = {
  model: 'Name of the model.',
  version: 'Version of the model, or a label for one.',
};

const BINARY = {
  'application/octet-stream': {
    schema: {
      type: 'string',
      format: 'binary',
      description: `JSON, then the bytes of tensors; the header ${HEADER_LENGTH} tells where the JSON ends.`,
    },
  },
};

const LENGTH_HEADER = {
  description:
    'Length in bytes of the JSON that precedes binary tensors; 0 for a request without JSON.',
  schema: { type: 'integer', minimum: 0 },
};

/** The paths of the Open Inference Protocol, as OpenAPI has them. */
export function protocolPaths(schemas: SchemaComponents): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const route of ROUTES) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = toOperation(route, schemas);
  }
  return paths;
}

function toOperation(route: InferenceRoute, schemas: SchemaComponents): Json {
  const { operationId, path } = route;
  const document = DOCUMENTS[operationId.replace(/OfVersion$/, '')];
  if (!document) throw new Error(`${operationId} is not described`);
  const { summary, request, response, isBinary = false, bodyOptional = false } = document;
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
  const binary = isBinary ? BINARY : {};
  return {
    operationId,
    summary: names.includes('version') ? `${summary}, of one version` : summary,
    tags: ['Open Inference Protocol'],
    parameters: [
      ...names.map((name) => ({
        name,
        in: 'path',
        required: true,
        description: PARAMETERS[name],
        schema: { type: 'string' },
      })),
      ...(isBinary
        ? [{ name: HEADER_LENGTH, in: 'header', required: false, ...LENGTH_HEADER }]
        : []),
    ],
    ...(request && {
      requestBody: {
        required: !bodyOptional,
        content: { 'application/json': { schema: schemas.use(request) }, ...binary },
      },
    }),
    responses: {
      ...errorResponses(route, schemas),
      200: {
        description: response ? summary : 'Done. The body is empty.',
        headers: {
          'X-Request-Id': { $ref: '#/components/headers/RequestId' },
          ...(isBinary && { [HEADER_LENGTH]: LENGTH_HEADER }),
        },
        ...(response && {
          content: {
            [document.mediaType ?? 'application/json']: { schema: schemas.use(response) },
            ...binary,
          },
        }),
      },
    },
  };
}

function errorResponses(
  { path, method, changesModels }: InferenceRoute,
  schemas: SchemaComponents,
): Json {
  const codes: readonly ErrorCode[] = [
    'INTERNAL_SERVER_ERROR',
    ...(path.startsWith('/v2/health/') ? [] : (['UNAUTHENTICATED', 'FORBIDDEN'] as const)),
    ...(path.includes('{model}') ? (['MODEL_NOT_FOUND'] as const) : []),
    ...(method === 'POST'
      ? (['BAD_USER_INPUT', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const)
      : []),
    ...(method === 'POST' && path.includes('{model}') && !changesModels
      ? (['RATE_LIMITED', 'MODEL_NOT_READY', 'OVERLOADED', 'DEADLINE_EXCEEDED'] as const)
      : []),
    // Not ready is 400 here.
    ...(path.endsWith('/ready') ? (['BAD_USER_INPUT'] as const) : []),
  ];
  const content = { 'application/json': { schema: schemas.use(protocolErrorSchema) } };
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, summary } = ERRORS[code];
    const text = path.endsWith('/ready') && status === 400 ? 'It is not ready.' : summary;
    byStatus.set(status, [...(byStatus.get(status) ?? []), text]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, texts]) => [
      status,
      path.endsWith('/ready') && status === 400
        ? { description: texts.join('\n\n') }
        : { description: texts.join('\n\n'), content },
    ]),
  );
}
