import {
  execute,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Logger } from 'pino';
import type { GraphQLContext } from '../../../schema/context.ts';
import type { Services } from '../../services/services.ts';
import { compileOperation, type CompiledOperation } from './executor/compile.ts';
import type { MaybePromise } from './executor/field.ts';
import { createDocumentCache } from './document-cache.ts';
import { cleanErrors } from './plugins/errors.ts';
import { readAssignmentKey } from '../http/assignment-key.ts';
import { DepthLimitRule, MAX_TOKENS } from './plugins/limits.ts';
import { parseJson, readBody, requireJson } from '../http/request-body.ts';
import { parseTimeoutHeader } from '../http/request-timeout.ts';
import type { DirectExchange } from '../http/direct-exchange.ts';
import type { DirectHandler } from '../http/direct-path.ts';

/** What {@link createDirectGraphQL} needs. */
export interface DirectGraphQLOptions {
  readonly services: Services;
  readonly logger: Logger;
  readonly maxBodyBytes: number;
  readonly getSchema: () => GraphQLSchema;
}

/** A document that may be executed at once: it parses, is valid, and subscribes to nothing. */
interface HotDocument {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** By the names that its operations have; `null` for what graphql-js executes. */
  readonly compiled: Map<string | undefined, CompiledOperation | null>;
  /** Names that an operation of it can be asked for by. */
  readonly names: ReadonlySet<string | undefined>;
}

const RULES = [...specifiedRules, DepthLimitRule];

/**
 * Executes queries and mutations that are valid. Everything else (bad bodies, parse and validation
 * errors, bad variables, subscriptions) is left to the plugins.
 */
export function createDirectGraphQL(options: DirectGraphQLOptions): DirectHandler {
  const { services, logger, maxBodyBytes, getSchema } = options;
  // By schema, so that a changed schema starts anew.
  const caches = new WeakMap<GraphQLSchema, ReturnType<typeof createDocumentCache<HotDocument>>>();

  const findDocument = (schema: GraphQLSchema, query: string): HotDocument | undefined => {
    let cache = caches.get(schema);
    if (!cache) caches.set(schema, (cache = createDocumentCache<HotDocument>()));
    let hot = cache.get(query);
    if (!hot) {
      hot = prepare(schema, query);
      if (hot) cache.set(query, hot);
    }
    return hot;
  };

  return async (exchange) => {
    const { req, requestId } = exchange;
    const params = await readParams(exchange, maxBodyBytes);
    if (!params) return false;
    const schema = getSchema();
    const hot = findDocument(schema, params.query);
    const timeoutMs = readTimeout(req.headers['x-request-timeout-ms']);
    if (!hot || timeoutMs === null) return false;

    const contextValue: GraphQLContext = {
      services,
      call: {
        id: requestId,
        signal: exchange,
        timeoutMs,
        assignmentKey: readAssignmentKey(req.headers['x-assignment-key']),
      },
    };
    const result = await run(schema, hot, params, contextValue);
    // Nothing was executed: a bad variable, or no operation of that name.
    if (result?.data === undefined) return false;

    const name = params.operationName ?? hot.operationName;
    if (name !== undefined) exchange.operationName = name;
    const cleaned = cleanErrors(result, requestId, logger) ?? result;
    exchange.send(200, {}, JSON.stringify(cleaned));
    return true;
  };
}

/** @returns `undefined` where the variables do not fit */
function run(
  schema: GraphQLSchema,
  { document, compiled, names }: HotDocument,
  { variables, operationName }: Params,
  contextValue: GraphQLContext,
): MaybePromise<ExecutionResult> | undefined {
  let operation = compiled.get(operationName);
  if (operation === undefined) {
    operation = compileOperation(schema, document, operationName) ?? null;
    // Names that the document does not have would fill the memory.
    if (names.has(operationName)) compiled.set(operationName, operation);
  }
  return operation
    ? operation.execute(contextValue, variables ?? {})
    : execute({ schema, document, contextValue, variableValues: variables, operationName });
}

interface Params {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
}

/** Reads the body; what is not an ordinary one is left to the plugins, which can read it again. */
async function readParams(
  { req }: DirectExchange,
  maxBodyBytes: number,
): Promise<Params | undefined> {
  try {
    requireJson(req.headers['content-type'], req.headers['content-encoding']);
    return toParams(parseJson(await readBody(req, maxBodyBytes)));
  } catch {
    return undefined;
  }
}

function toParams(body: unknown): Params | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { query, variables, operationName, extensions } = body as Record<string, unknown>;
  if (typeof query !== 'string' || (extensions !== undefined && extensions !== null)) {
    return undefined;
  }
  const named = operationName ?? undefined;
  const given = variables ?? undefined;
  if (named !== undefined && typeof named !== 'string') return undefined;
  if (given !== undefined && (typeof given !== 'object' || Array.isArray(given))) return undefined;
  return { query, variables: given as Params['variables'], operationName: named };
}

function prepare(schema: GraphQLSchema, query: string): HotDocument | undefined {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: MAX_TOKENS });
  } catch {
    return undefined;
  }
  if (validate(schema, document, RULES).length > 0) return undefined;
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operations.some(({ operation }) => operation === OperationTypeNode.SUBSCRIPTION)) {
    return undefined;
  }
  return {
    document,
    operationName: operations[0]?.name?.value,
    compiled: new Map(),
    names: new Set([undefined, ...operations.map(({ name }) => name?.value)]),
  };
}

/** `null` for a header that the plugins refuse. */
function readTimeout(header: string | string[] | undefined): number | undefined | null {
  try {
    return parseTimeoutHeader(header);
  } catch {
    return null;
  }
}
