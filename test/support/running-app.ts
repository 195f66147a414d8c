import { createApp, type App } from '../../src/app.ts';
import { loadConfig, type Config } from '../../src/config.ts';

/** A server on a free port of the loopback, for tests that go through its public faces. */
export interface RunningApp {
  readonly app: App;
  readonly port: number;
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

/** A REST response with its parsed JSON body. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read bodies of many shapes
  readonly body: any;
}

/** Starts a server with the shipped models unless told otherwise. */
export async function runApp(overrides: Partial<Config> = {}): Promise<RunningApp> {
  const config = loadConfig({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' }, overrides);
  const app = createApp(config);
  const { port } = await app.start();
  const url = `http://127.0.0.1:${port}`;
  const rest = async (path: string, init: RequestInit): Promise<RestAnswer> => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
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
    url,
    post,
    get: (path, headers = {}) => rest(path, { headers }),
    graphql: async <T>(query: string, variables: Record<string, unknown> = {}) =>
      (await post('/graphql', { query, variables })).body as GraphQLAnswer<T>,
    stop: async () => {
      await app.stop();
    },
  };
}
