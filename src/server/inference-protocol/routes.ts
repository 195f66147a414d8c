import { badInput, ServiceError } from '../../errors.ts';
import type { Call } from '../../services/call.ts';
import type { ModelStatus } from '../../services/model-status.ts';
import type { Services } from '../../services/services.ts';
import type { HttpAnswer } from '../http/exchange.ts';
import type { JsonReader } from '../../json/json-reader.ts';
import { generate } from './generate.ts';
import { binaryHeaders, readInferBody, writeInferBody } from './http-infer.ts';
import { infer } from './infer.ts';
import { EXTENSIONS, SERVER_NAME, toConfig, toIndex, toMetadata } from './model-documents.ts';
import { toStatisticsDocument } from './statistics-document.ts';

/** A request as a route sees it. */
export interface InferenceRouteRequest {
  /** Name of the model in the path; empty where there is none. */
  readonly model: string;
  readonly version: string | undefined;
  readonly body: Buffer;
  /** The header `Inference-Header-Content-Length`. */
  readonly headerLength: string | undefined;
}

/** What a route answers with. */
export interface InferenceContext {
  readonly call: Call;
  readonly services: Services;
  readonly serverVersion: string;
  readonly json: JsonReader;
  /** Most bytes of an answer. */
  readonly maxAnswerBytes: number;
}

/** One route of the protocol. */
export interface InferenceRoute {
  readonly method: 'GET' | 'POST';
  /** `{model}` stands for one segment; what ends in `[…]` may also be asked of a version. */
  readonly path: string;
  readonly operationId: string;
  /** Whether its answers are compressed for those who accept it. */
  readonly isCompressible?: boolean;
  /** Whether it changes what is served. */
  readonly changesModels?: boolean;
  handle(
    request: InferenceRouteRequest,
    context: InferenceContext,
  ): HttpAnswer | Promise<HttpAnswer>;
}

const MODEL = '/v2/models/{model}';
const VERSION = '/versions/{version}';

/** All routes, those of a version beside those of its model. */
export const ROUTES: readonly InferenceRoute[] = [
  {
    method: 'GET',
    path: '/v2',
    operationId: 'v2ServerMetadata',
    handle: (_request, { serverVersion }) =>
      json({ name: SERVER_NAME, version: serverVersion, extensions: EXTENSIONS }),
  },
  {
    method: 'GET',
    path: '/v2/health/live',
    operationId: 'v2Live',
    handle: () => json({ live: true }),
  },
  {
    method: 'GET',
    path: '/v2/health/ready',
    operationId: 'v2Ready',
    handle: (_request, { services, call }) =>
      services.health.report(call).ready
        ? json({ ready: true })
        : json({ ready: false, error: 'The server is not ready.' }, 400),
  },
  {
    method: 'GET',
    path: '/v2/models/stats',
    operationId: 'v2Statistics',
    handle: (_request, { services, call }) =>
      json(toStatisticsDocument(services.metrics.statistics(call), undefined)),
  },
  ...withVersion('GET', '', 'ModelMetadata', (request, context) => {
    const { interfaceOf, status } = look(request, context);
    return json(toMetadata(interfaceOf, status));
  }),
  ...withVersion('GET', '/ready', 'ModelReady', ({ model, version }, { services, call }) => {
    const isReady = isModelReady(services.models.get(call, model), version);
    if (isReady) return json({ name: model, ready: true });
    return json({ name: model, ready: false, error: `Model "${model}" is not ready.` }, 400);
  }),
  ...withVersion('GET', '/config', 'ModelConfig', (request, context) => {
    const { interfaceOf, status } = look(request, context);
    return json(toConfig(interfaceOf, status));
  }),
  ...withVersion('GET', '/stats', 'ModelStatistics', (request, { services, call }) => {
    const { model, version } = request;
    if (version !== undefined) requireVersion(services.models.get(call, model), version);
    return json(toStatisticsDocument(services.metrics.statistics(call, model), version));
  }),
  ...withVersion('POST', '/infer', 'Infer', handleInfer, true),
  ...withVersion('POST', '/generate', 'Generate', async (request, context) => {
    const { services, call } = context;
    return json(await generate(call, services.predictions, request, context.json));
  }),
  ...withVersion('POST', '/generate_stream', 'GenerateStream', async (request, context) => {
    const { services, call } = context;
    const document = await generate(call, services.predictions, request, context.json);
    return {
      status: 200,
      headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' },
      body: `data: ${JSON.stringify(document)}\n\n`,
    };
  }),
  {
    method: 'POST',
    path: '/v2/repository/index',
    operationId: 'v2RepositoryIndex',
    async handle({ body }, { services, call, json: reader }) {
      const { ready = false } = await readOptionalBody(body, reader);
      if (typeof ready !== 'boolean') throw badInput('"ready" must be true or false.');
      return json(toIndex(services.models.list(call), ready));
    },
  },
  {
    method: 'POST',
    path: '/v2/repository/models/{model}/load',
    operationId: 'v2LoadModel',
    changesModels: true,
    async handle({ model, body }, { services, call, json: reader }) {
      const { parameters } = await readOptionalBody(body, reader);
      if (typeof parameters === 'object' && parameters !== null) requireNoFiles(parameters);
      await services.admin.loadModel(call, model);
      return EMPTY;
    },
  },
  {
    method: 'POST',
    path: '/v2/repository/models/{model}/unload',
    operationId: 'v2UnloadModel',
    changesModels: true,
    async handle({ model, body }, { services, call, json: reader }) {
      await readOptionalBody(body, reader);
      await unload(model, services, call);
      return EMPTY;
    },
  },
];

/** What load and unload answer. */
const EMPTY: HttpAnswer = { status: 200, headers: { 'Cache-Control': 'no-store' }, body: '' };

/**
 * Unloads a model; one that there is not is unloaded already.
 *
 * @throws {ServiceError} `FORBIDDEN`
 */
export async function unload(model: string, services: Services, call: Call): Promise<void> {
  try {
    await services.admin.unloadModel(call, model);
  } catch (thrown) {
    if (thrown instanceof ServiceError && thrown.code === 'MODEL_NOT_FOUND') return;
    throw thrown;
  }
}

/** Models come from the folder of models: another configuration or files are not taken. */
export function requireNoFiles(parameters: object): void {
  const refused = Object.keys(parameters).find(
    (key) => key === 'config' || key.startsWith('file:'),
  );
  if (refused === undefined) return;
  throw badInput(`The parameter "${refused}" is not taken: models are loaded from their folder.`);
}

async function handleInfer(
  { body, headerLength, ...target }: InferenceRouteRequest,
  { services: { predictions }, call, json: reader, maxAnswerBytes }: InferenceContext,
): Promise<HttpAnswer> {
  const request = await readInferBody(body, headerLength, target, {
    describe: () => predictions.describe(call, target),
    json: reader,
  });
  const answer = await infer(call, request, predictions);
  const { body: bytes, headerLength: length } = await writeInferBody(
    answer,
    request.binaryOutputs,
    maxAnswerBytes,
  );
  return { status: 200, headers: binaryHeaders(length), body: bytes };
}

/** What the model takes and gives, and how it is. */
function look({ model, version }: InferenceRouteRequest, { services, call }: InferenceContext) {
  const status = services.models.get(call, model);
  const interfaceOf = services.predictions.describe(call, { model, version });
  if (!status) throw new ServiceError('MODEL_NOT_FOUND', `There is no model "${model}".`);
  return { interfaceOf, status };
}

/** Whether a version, or the one that serves, answers. */
export function isModelReady(
  status: ModelStatus | undefined,
  version: string | undefined,
): boolean {
  if (!status) return false;
  if (version === undefined) return status.servingVersion !== null && status.state === 'ready';
  const named = status.versionLabels[version] ?? version;
  return status.versions.some((it) => it.version === named && it.state === 'ready');
}

function requireVersion(status: ModelStatus | undefined, version: string): void {
  const known = status?.versions.map((it) => it.version) ?? [];
  if (known.includes(version)) return;
  throw new ServiceError(
    'MODEL_NOT_FOUND',
    `There is no version "${version}"; there is ${known.join(', ') || 'none'}.`,
  );
}

async function readOptionalBody(
  body: Buffer,
  reader: JsonReader,
): Promise<Readonly<Record<string, unknown>>> {
  if (body.length === 0) return {};
  const parsed = await reader.parseExact(body);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  throw badInput('The body must be a JSON object.');
}

function json(document: object, status = 200): HttpAnswer {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return { status, headers, body: document };
}

function withVersion(
  method: InferenceRoute['method'],
  rest: string,
  name: string,
  handle: InferenceRoute['handle'],
  isCompressible = false,
): InferenceRoute[] {
  return [
    { method, path: MODEL + rest, operationId: `v2${name}`, isCompressible, handle },
    {
      method,
      path: MODEL + VERSION + rest,
      operationId: `v2${name}OfVersion`,
      isCompressible,
      handle,
    },
  ];
}

/** What a request leads to: a route, or the methods that its path answers to. */
export type RouteMatch =
  | {
      readonly route: InferenceRoute;
      readonly model?: string;
      readonly version: string | undefined;
    }
  | { readonly allow: readonly string[] };

const PATTERNS = ROUTES.map((route) => {
  const source = route.path.replace('{model}', '([^/]+)').replace('{version}', '([^/]+)');
  return { route, regex: new RegExp(`^${source}$`) };
});

/** Finds the route of a request by its exact path. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  const allow: string[] = [];
  for (const { route, regex } of PATTERNS) {
    const found = regex.exec(path);
    if (!found) continue;
    if (route.method === method || (method === 'HEAD' && route.method === 'GET')) {
      const [, model, version] = found;
      return {
        route,
        ...(model !== undefined && { model: decode(model) }),
        version: version === undefined ? undefined : decode(version),
      };
    }
    allow.push(route.method);
  }
  return allow.length > 0 ? { allow: [...new Set(allow)] } : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not valid percent-encoding: no such name can exist, and the raw text says so best.
    return segment;
  }
}
