import { once } from 'node:events';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { WebSocket } from 'ws';
import type { ServiceError as GrpcError } from '@grpc/grpc-js';
import { z } from 'zod';
import { buildSchema } from '../../../schema/index.ts';
import { type ScopeRule, SERVICE_SCOPES } from '../../../src/access/service-scopes.ts';
import { createApiKey } from '../../../src/access/api-key.ts';
import { loadConfig } from '../../../src/config.ts';
import { type ErrorCode, ERRORS } from '../../../src/errors.ts';
import { type MethodType, serviceMethods } from '../../../src/inference-protocol/messages.ts';
import { type Call, internalCall } from '../../../src/services/call.ts';
import { SCOPES } from '../../../src/services/principal.ts';
import type { Services } from '../../../src/services/services.ts';
import { type InferenceRoute, ROUTES } from '../../../src/server/inference-protocol/routes.ts';
import { restRoutes } from '../../../src/server/rest/index.ts';
import type { RestRoute } from '../../../src/server/rest/route.ts';
import { createFakeServices } from '../api/fake-services.ts';
import { startServer } from '../api/start-server.ts';
import { GrpcClient } from '../oip.ts';
import { createTestAccess } from './keys.ts';

/** How one thing of an API is asked for, on one transport. */
interface Door {
  readonly name: string;
  readonly isPublic: boolean;
  /** Whether it answers those who are let in without asking a service. */
  readonly isStatic?: boolean;
  readonly isStream?: boolean;
  /** Whether it answers with less instead of refusing. */
  readonly isFiltered?: boolean;
  readonly ask: (
    url: string,
    key: string | undefined,
    left: AbortSignal,
    grpc: GrpcClient,
  ) => Promise<Reply>;
}

interface Reply {
  /** 401 also for a socket that was closed with 4403. */
  readonly status: number;
  readonly codes: readonly string[];
}

/** What the matrix found. */
export interface MatrixResult {
  /** Where something was let through, or kept out, that should not be. */
  readonly violations: readonly string[];
  /** Doors that were tried. */
  readonly doors: readonly string[];
  /** Service methods that were reached by them. */
  readonly reached: ReadonlySet<string>;
}

const EXPIRED = '2001-01-01T00:00:00Z';

/** Every method of every service, from the table of scopes. */
export const SERVICE_METHODS: readonly string[] = Object.entries(SERVICE_SCOPES).flatMap(
  ([service, methods]) => Object.keys(methods).map((method) => `${service}.${method}`),
);

function scopeOf(method: string): string | null {
  const [service = '', name = ''] = method.split('.');
  const rules = SERVICE_SCOPES as unknown as Record<string, Record<string, ScopeRule>>;
  return rules[service]?.[name]?.scope ?? null;
}

/**
 * Tries every route and every field on every transport with credentials that are missing, wrong,
 * expired, revoked, too little and just enough.
 */
export async function runMatrix(): Promise<MatrixResult> {
  const lacking = Object.fromEntries(
    SCOPES.map((scope) => [`not ${scope}`, { scopes: SCOPES.filter((each) => each !== scope) }]),
  );
  const { access, keys, set } = createTestAccess<string>({
    all: { scopes: SCOPES },
    expired: { scopes: SCOPES, expires: EXPIRED },
    revoked: { scopes: SCOPES, revoked: EXPIRED },
    enough: {},
    ...lacking,
  });
  const others = {
    all: { scopes: SCOPES },
    expired: { scopes: SCOPES, expires: EXPIRED },
    revoked: { scopes: SCOPES, revoked: EXPIRED },
    ...lacking,
  };
  const called = new Set<string>();
  const names: Readonly<Record<string, unknown>> = keys;
  let onCalled: () => void = () => undefined;
  let asker = '';
  const services = recording(createFakeServices(), (method, by) => {
    // What another one has begun may still be under way; a stranger has no name of these.
    if (by !== asker && by in names) return;
    called.add(method);
    onCalled();
  });
  await using server = await startServer({ grpcPort: 0 }, { access, services });
  const grpc = new GrpcClient(server.grpcPort ?? 0);
  const violations: string[] = [];
  const reached = new Set<string>();
  const doors = allDoors(services);
  for (const door of doors) {
    const ask = async (key: string | undefined) => {
      called.clear();
      asker = Object.entries(keys).find(([, each]) => each === key)?.[0] ?? '';
      const left = new AbortController();
      // A subscription that has begun may have nothing to tell for long.
      const begun = new Promise<Reply>((resolve) => {
        onCalled = () => {
          if (door.isStream) resolve({ status: 200, codes: [] });
        };
      });
      const asked = door.ask(server.url, key, left.signal, grpc);
      const reply = await Promise.race([asked, begun]);
      left.abort();
      await asked.catch(() => undefined);
      return { ...reply, called: [...called] };
    };
    const all = await ask(keys.all);
    for (const method of all.called) reached.add(method);
    if (door.isPublic) continue;
    if (all.called.length === 0 && !door.isStatic)
      violations.push(`${door.name}: reaches no service`);
    const wrong = {
      none: undefined,
      wrong: createApiKey().key,
      ...pick(keys, 'expired', 'revoked'),
    };
    for (const [kind, key] of Object.entries(wrong)) {
      const { status, called: methods } = await ask(key);
      const isShut = status === 401 || (status === 429 && kind !== 'none');
      if (!isShut || methods.length > 0) {
        violations.push(`${door.name}: ${kind} got ${status} and ${methods.join() || 'nothing'}`);
      }
    }
    if (door.isFiltered) continue;
    const scopes = new Set(all.called.flatMap((method) => scopeOf(method) ?? []));
    for (const scope of scopes) {
      const { codes, called: methods } = await ask(keys[`not ${scope}`]);
      const through = methods.filter((method) => scopeOf(method) === scope);
      if (through.length > 0 || !codes.includes('FORBIDDEN')) {
        violations.push(`${door.name}: without ${scope} got ${codes.join()} and ${through.join()}`);
      }
    }
    set({ ...others, enough: { scopes: [...scopes] } });
    const enough = await ask(keys.enough);
    const isRefused = enough.codes.some((code) => ['UNAUTHENTICATED', 'FORBIDDEN'].includes(code));
    const least = door.isStream ? 1 : all.called.length;
    if (isRefused || enough.called.length < least) {
      violations.push(`${door.name}: with ${[...scopes].join()} got ${enough.codes.join()}`);
    }
  }
  grpc.close();
  return { violations, doors: doors.map(({ name }) => name), reached };
}

function pick(keys: Readonly<Record<string, string>>, ...names: string[]) {
  return Object.fromEntries(names.map((name) => [name, keys[name]]));
}

/** Services that note which of their methods callers from outside have reached. */
function recording(services: Services, onCalled: (method: string, by: string) => void): Services {
  const recorded = Object.entries(services).map(([name, service]) => {
    const proxy = new Proxy(service as object, {
      get(target, method, receiver) {
        const value: unknown = Reflect.get(target, method, receiver);
        if (typeof value !== 'function') return value;
        return (call: Call, ...args: unknown[]): unknown => {
          if (call.principal.name !== 'internal') {
            onCalled(`${name}.${String(method)}`, call.principal.name);
          }
          return (value as (...given: unknown[]) => unknown).call(target, call, ...args);
        };
      },
    });
    return [name, proxy];
  });
  return Object.fromEntries(recorded) as Services;
}

function allDoors(services: Services): readonly Door[] {
  const routes = restRoutes(loadConfig({}));
  const schema = buildSchema(services.models.list(internalCall('matrix')), loadConfig({}));
  const doors: Door[] = [
    ...routes.flatMap((route) => restDoors(route)),
    ...ROUTES.map((route) => protocolDoor(route)),
    ...Array.from(serviceMethods().values()).flatMap((method) => grpcDoors(method)),
  ];
  for (const operation of ['query', 'mutation', 'subscription'] as const) {
    const type = schema.getRootType(operation as never);
    for (const field of Object.values(type?.getFields() ?? {})) {
      doors.push(...graphqlDoors(operation, field));
    }
  }
  doors.push(...graphqlDoorsOf('introspection', '{ __schema { queryType { name } } }', true));
  doors.push({
    name: 'GET /openapi.json',
    isPublic: false,
    isFiltered: true,
    ask: async (url, key) => replyOf(await fetch(`${url}/openapi.json`, { headers: auth(key) })),
  });
  return doors.filter(({ name }) => !name.startsWith('introspection'));
}

/** Bodies that routes may take; a route that takes none of them is to be added here. */
const BODIES: readonly object[] = [
  { input: 'x' },
  { inputs: ['x'] },
  { prediction_id: 'x', actual: 'positive' },
  { input: { text: 'x' } },
  { split: [] },
  {},
];

function restDoors(route: RestRoute): Door[] {
  const { method, requestSchema, isPublic = false } = route;
  const path = route.path.replace(/\{\w+\}/g, (name) => (name === '{name}' ? 'sentiment' : 'x'));
  const body = requestSchema && BODIES.find((each) => requestSchema.safeParse(each).success);
  if (requestSchema && !body) throw new Error(`no body fits ${method} ${route.path}`);
  // Each value of an enumerated parameter may lead elsewhere.
  const searches = (route.parameters ?? []).flatMap(({ name, in: place, schema }) =>
    place === 'query' && schema instanceof z.ZodEnum
      ? schema.options.map((value) => `?${name}=${value}`)
      : [],
  );
  const ways = (['Authorization', 'X-API-Key'] as const).flatMap((header) =>
    ['', ...searches].map((search) => ({ header, search })),
  );
  return ways.map(({ header, search }) => ({
    name: `${method} ${route.path}${search} (${header})`,
    isPublic,
    ask: async (url: string, key: string | undefined) =>
      replyOf(
        await fetch(url + path + search, {
          method,
          headers: {
            ...(key === undefined
              ? {}
              : { [header]: header === 'Authorization' ? `Bearer ${key}` : key }),
            ...(body && { 'content-type': 'application/json' }),
          },
          ...(body && { body: JSON.stringify(body) }),
        }),
      ),
  }));
}

/** Bodies of the Open Inference Protocol, by the end of the path. */
const PROTOCOL_BODIES: Readonly<Record<string, object>> = {
  infer: { inputs: [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['x'] }] },
  generate: { text_input: 'x' },
  generate_stream: { text_input: 'x' },
};

function protocolDoor({ method, path }: InferenceRoute): Door {
  const body =
    method === 'POST' ? (PROTOCOL_BODIES[path.split('/').at(-1) ?? ''] ?? {}) : undefined;
  return {
    name: `${method} ${path}`,
    isPublic: path.startsWith('/v2/health/'),
    isStatic: path === '/v2',
    ask: async (url, key) => {
      const response = await fetch(
        url + path.replace('{model}', 'sentiment').replace('{version}', '2'),
        {
          method,
          headers: { ...auth(key), 'content-type': 'application/json' },
          ...(body && { body: JSON.stringify(body) }),
        },
      );
      await response.arrayBuffer();
      // The errors of the protocol are texts without a code.
      const codes = { 401: ['UNAUTHENTICATED'], 403: ['FORBIDDEN'] }[response.status] ?? [];
      return { status: response.status, codes };
    },
  };
}

/** Messages that methods of gRPC take, by their names; the others take what names a model. */
const GRPC_MESSAGES: Readonly<Record<string, object>> = {
  ModelInfer: {
    model_name: 'sentiment',
    inputs: [
      {
        name: 'text',
        datatype: 'BYTES',
        shape: [1],
        contents: { bytes_contents: [Buffer.of(97)] },
      },
    ],
  },
  RepositoryModelLoad: { model_name: 'sentiment' },
  RepositoryModelUnload: { model_name: 'sentiment' },
};

function grpcDoors({ name, responseStream }: MethodType): Door[] {
  const message = GRPC_MESSAGES[name] ?? { name: 'sentiment' };
  return (['authorization', 'x-api-key'] as const).map((header): Door => ({
    name: `gRPC ${name} (${header})`,
    isPublic: name === 'ServerLive' || name === 'ServerReady',
    isStatic: name === 'ServerMetadata',
    async ask(_url, key, left, grpc) {
      const given = header === 'authorization' ? `Bearer ${key ?? ''}` : (key ?? '');
      const metadata: Record<string, string> = key === undefined ? {} : { [header]: given };
      if (responseStream) {
        // Only the status tells a code; a stream ends with that of its error where it is asked to.
        const end = { ...metadata, triton_grpc_error: 'true' };
        return toReply(await grpc.stream([GRPC_MESSAGES.ModelInfer ?? {}], end).catch(toError));
      }
      return toReply(await grpc.call(name, message, { metadata, signal: left }).catch(toError));
    },
  }));
}

const toError = (error: Error) => error;

function toReply(answer: unknown): Reply {
  if (!(answer instanceof Error)) return { status: 200, codes: [] };
  const { metadata } = answer as Partial<GrpcError>;
  const code = String(metadata?.get('error-code')[0] ?? 'none');
  const status = code in ERRORS ? ERRORS[code as ErrorCode].status : 500;
  return { status, codes: [code] };
}

function graphqlDoors(
  operation: 'query' | 'mutation' | 'subscription',
  field: GraphQLField<unknown, unknown>,
): Door[] {
  const text = `${operation} { ${field.name}${argumentsOf(field)}${selectionOf(field.type)} }`;
  return graphqlDoorsOf(`${operation} ${field.name}`, text, operation === 'query', operation);
}

function graphqlDoorsOf(
  name: string,
  query: string,
  isQuery: boolean,
  operation = 'query',
): Door[] {
  const post =
    (accept: string) => async (url: string, key: string | undefined, left: AbortSignal) =>
      replyOf(
        await fetch(`${url}/graphql`, {
          method: 'POST',
          signal: left,
          headers: { ...auth(key), accept, 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        }),
      );
  const doors: [string, Door['ask']][] = [
    ['SSE', post('text/event-stream')],
    ['WebSocket', (url, key, left) => askSocket(url, key, query, left)],
  ];
  if (operation !== 'subscription') {
    doors.push(['POST', post('application/json')]);
    doors.push(['POST by Yoga', post('application/graphql-response+json')]);
  }
  if (isQuery) {
    doors.push([
      'GET',
      async (url, key) =>
        replyOf(
          await fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {
            headers: { ...auth(key), accept: 'application/json' },
          }),
        ),
    ]);
  }
  return doors.map(([transport, ask]) => ({
    name: `${name} (${transport})`,
    isPublic: false,
    isStream: operation === 'subscription',
    ask,
  }));
}

function auth(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** Reads enough of an answer to know its errors; a stream is left after its first event. */
async function replyOf(response: Response): Promise<Reply> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  let text = '';
  if (isStream && response.body) {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (/event: (?:next|complete)/.test(text) && text.includes('\n\n', text.indexOf('event:')))
        break;
    }
  } else text = await response.text();
  return { status: response.status, codes: codesIn(text) };
}

function codesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/"code":"([A-Z_]+)"/g), ([, code = '']) => code);
}

async function askSocket(
  url: string,
  key: string | undefined,
  query: string,
  left: AbortSignal,
): Promise<Reply> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  try {
    await once(socket, 'open');
    return await new Promise<Reply>((resolve) => {
      left.addEventListener('abort', () => socket.terminate());
      socket.on('close', (code) => resolve({ status: code === 4403 ? 401 : code, codes: [] }));
      socket.on('message', (data: Buffer) => {
        const text = data.toString('utf8');
        const { type } = JSON.parse(text) as { type: string };
        if (type === 'connection_ack') {
          socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
        } else if (type === 'next' || type === 'error') {
          resolve({ status: 200, codes: codesIn(text) });
        }
      });
      const payload = key === undefined ? undefined : { apiKey: key };
      socket.send(JSON.stringify({ type: 'connection_init', ...(payload && { payload }) }));
    });
  } finally {
    socket.terminate();
  }
}

function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
  const given = args
    .filter((arg) => isRequiredArgument(arg) || arg.name === 'model')
    .map((arg) => argumentOf(arg));
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

function argumentOf({ name, type }: Pick<GraphQLArgument, 'name' | 'type'>): string {
  return `${name}: ${valueOf(type, name)}`;
}

function valueOf(type: GraphQLInputType, name: string): string {
  if (isNonNullType(type)) return valueOf(type.ofType, name);
  if (isListType(type)) return `[${valueOf(type.ofType, name)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf
      ? fields.filter((field) => field.name === 'text')
      : fields.filter((field) => isRequiredInputField(field));
    return `{ ${given.map((field) => argumentOf(field)).join(', ')} }`;
  }
  const named = getNamedType(type).name;
  if (named === 'Int' || named === 'Float') return '1000';
  if (named === 'Boolean') return 'true';
  return name === 'model' || name === 'name' ? '"sentiment"' : '"x"';
}

/** The first leaf below a field, however deep. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return ' { __typename }';
  const fields = Object.values(named.getFields()).filter(
    (field) => !field.args.some(isRequiredArgument),
  );
  const leaf = fields.find((field) => isLeafType(getNamedType(field.type)));
  const chosen = leaf ?? fields[0];
  return chosen ? ` { ${chosen.name}${selectionOf(chosen.type)} }` : ' { __typename }';
}
