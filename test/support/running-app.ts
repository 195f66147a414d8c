import { createApp, type App } from '../../src/app.ts';
import { loadConfig, type Config } from '../../src/config.ts';
import { NO_DRAIN } from './no-drain.ts';

/** A server on a free port of the loopback, for tests that go through its public APIs. */
export interface RunningApp {
  readonly app: App;
  readonly port: number;
  /** Where gRPC answers, where `grpcPort` is set. */
  readonly grpcPort: number | undefined;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Posts a GraphQL operation and gives the parsed body. */
  graphql<T = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphQLAnswer<T>>;
  /** Posts JSON to a REST route. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<RestAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<RestAnswer>;
  stop(): Promise<void>;
}

/** Body of a GraphQL response. */
export interface GraphQLAnswer<T> {
  readonly data: T;
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
}

/** Fields of the REST answers that tests look at; each answer has some of them. */
export interface RestBody {
  readonly prediction: unknown;
  readonly confidence: number;
  readonly cached: boolean;
  readonly version: string;
  readonly latency_ms: number;
  readonly results: readonly RestBody[];
  readonly error: { code: string; message: string; details?: Record<string, unknown> };
  readonly status: string;
  readonly reasons: readonly string[];
  readonly replicas: number;
  readonly total_requests: number;
}

/** A REST response: its text, and its parsed body where it is JSON. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: RestBody;
  readonly text: string;
}

/** Starts a server with the shipped models unless told otherwise. */
export async function runApp(overrides: Partial<Config> = {}): Promise<RunningApp> {
  const env = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', ...NO_DRAIN };
  const config = loadConfig(env, overrides);
  const app = createApp(config);
  const { port, grpcPort } = await app.start();
  const url = `http://127.0.0.1:${port}`;
  const rest = async (path: string, init: RequestInit): Promise<RestAnswer> => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : {}) as RestBody,
      text,
    };
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    rest(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return {
    app,
    port,
    grpcPort,
    url,
    post,
    get: (path, headers = {}) => rest(path, { headers }),
    graphql: async <T>(query: string, variables: Record<string, unknown> = {}) =>
      JSON.parse((await post('/graphql', { query, variables })).text) as GraphQLAnswer<T>,
    stop: async () => {
      await app.stop();
    },
  };
}
