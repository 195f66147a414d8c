import pino from 'pino';
import type { Access } from '../../../src/access/access.ts';
import { type Config, loadConfig } from '../../../src/config.ts';
import type { TypedDocumentString } from '../../generated/graphql.ts';
import { createHttpServer, type HttpServer } from '../../../src/server/create-server.ts';
import type { ServerCounters } from '../../../src/server/call/policies.ts';
import type { Services } from '../../../src/services/services.ts';
import type { RecentRequests } from '../../../src/telemetry/recent-requests.ts';
import { NO_DRAIN } from '../no-drain.ts';
import { createFakeServices, type FakeServices } from './fake-services.ts';

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A running server on a port of its own, with fake services. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Where gRPC answers, where `grpcPort` is set. */
  readonly grpcPort: number | undefined;
  readonly services: FakeServices;
  readonly http: HttpServer;
  /** Everything logged so far. */
  readonly log: readonly LogLine[];
  /** Sends a GraphQL operation by POST. */
  graphql(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<GraphQLAnswer>;
  /** Sends a typed GraphQL operation by POST. */
  execute<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Omit<GraphQLAnswer, 'data'> & { readonly data?: Result | null }>;
  /** Sends a JSON body to a REST route. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** What a GraphQL server answers. */
export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** What stands in for the parts of a test server. */
export interface TestServerParts {
  /** Who may come in. @default what the configuration says */
  readonly access?: Access;
  /** @default fresh fake services */
  readonly services?: Services;
  /** @default nothing is counted */
  readonly counters?: ServerCounters;
  /** Requests that went wrong or took long. @default none are kept */
  readonly recent?: RecentRequests;
}

/** Starts a server on any free port. */
export async function startServer(
  overrides: Partial<Config> = {},
  parts: TestServerParts = {},
): Promise<TestServer> {
  const services = createFakeServices();
  const log: LogLine[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => void log.push(JSON.parse(line) as LogLine) },
  );
  const http = createHttpServer({
    config: loadConfig(NO_DRAIN, { host: '127.0.0.1', port: 0, ...overrides }),
    services: parts.services ?? services,
    logger,
    access: parts.access,
    counters: parts.counters,
    recent: parts.recent,
    serverVersion: '1.2.3',
  });
  const { port, grpcPort } = await http.listen();
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    await http.stopAccepting();
    await http.closeSockets();
  };
  const post: TestServer['post'] = (path, body, headers = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const graphql: TestServer['graphql'] = async (query, variables, headers) => {
    const response = await post('/graphql', { query, variables }, headers);
    const result = (await response.json()) as Pick<GraphQLAnswer, 'data' | 'errors'>;
    return { status: response.status, headers: response.headers, ...result };
  };
  return {
    url,
    grpcPort,
    services,
    http,
    log,
    post,
    graphql,
    execute: async (document, variables) =>
      (await graphql(document.toString(), variables as Record<string, unknown>)) as never,
    close,
    [Symbol.asyncDispose]: close,
  };
}
