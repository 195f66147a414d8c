import { ServiceError } from '../../errors.ts';
import type { ApiName, CallSource, ServerCall } from '../call/server-call.ts';
import type { Exchange, HttpAnswer } from './exchange.ts';

/** How an API answers one request. */
export interface HttpHandler {
  /** Whether it is a probe or a scrape. */
  readonly isProbe: boolean;
  /** Whether it answers without knowing who asks. */
  readonly isPublic: boolean;
  /** @returns `undefined` where the response is written by somebody else */
  answer(call: ServerCall, exchange: Exchange): Promise<HttpAnswer | undefined>;
}

/** An API behind the HTTP transport. */
export interface HttpApi {
  readonly name: ApiName;
  /** The handler of a request, by method and exact path; `undefined` for what is not its own. */
  find(exchange: Exchange): HttpHandler | undefined;
  /** How it tells that a request is refused. */
  refusal(error: ServiceError): HttpAnswer;
}

/** Finds the API and the handler of each request; policies decide on what was found here. */
export class HttpRouter {
  readonly #apis: readonly HttpApi[];
  readonly #refusals: ReadonlyMap<ApiName, HttpApi>;
  readonly #webSocketPath: string;

  /**
   * @param apis in the order in which they are asked; the last one answers everything
   * @param webSocketPath where WebSockets are served
   */
  constructor(apis: readonly HttpApi[], webSocketPath: string) {
    this.#apis = apis;
    this.#refusals = new Map(apis.map((api) => [api.name, api]));
    this.#webSocketPath = webSocketPath;
  }

  /** Finds who answers a request, and notes the API in the exchange. */
  resolve(exchange: Exchange): HttpHandler {
    for (const api of this.#apis) {
      const handler = api.find(exchange);
      if (!handler) continue;
      exchange.api = api.name;
      exchange.isProbe = handler.isProbe;
      exchange.isPublic = handler.isPublic;
      return handler;
    }
    throw new Error('no API answers everything');
  }

  /** A refusal in the shape of the API that the request was for. */
  refusal({ api }: CallSource, error: ServiceError): HttpAnswer {
    const shape = this.#refusals.get(api) ?? this.#apis.at(-1);
    if (!shape) throw new Error('no API is served');
    return shape.refusal(error);
  }

  /**
   * Checks whether a connection may become a WebSocket.
   *
   * @param open sockets that are open
   * @throws {ServiceError} `NOT_FOUND` for another path, `OVERLOADED` where too many are open
   */
  checkUpgrade({ path }: CallSource, open: number, maxOpen: number): void {
    if (path !== this.#webSocketPath) {
      throw new ServiceError('NOT_FOUND', `WebSockets are served at ${this.#webSocketPath} only.`);
    }
    if (open < maxOpen) return;
    throw new ServiceError('OVERLOADED', 'No more connections are taken; try again later.', {
      retryAfterSeconds: 5,
      limit: 'MAX_SUBSCRIPTIONS',
    });
  }
}
