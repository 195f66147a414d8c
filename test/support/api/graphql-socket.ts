import { on, once } from 'node:events';
import { WebSocket } from 'ws';

/** A message of the protocol graphql-transport-ws. */
export interface SocketMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client that speaks graphql-transport-ws by hand. */
export interface GraphQLSocket extends AsyncDisposable {
  readonly socket: WebSocket;
  /** Sends an operation. */
  subscribe(
    id: string,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    operationName?: string,
  ): void;
  /** Tells that an operation is no longer wanted. */
  complete(id: string): void;
  /** The next message that is not a ping. */
  next(): Promise<SocketMessage>;
}

/** Connects and introduces itself. @param url of the server, `http://…` */
export async function openGraphQLSocket(url: string): Promise<GraphQLSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages = on(socket, 'message', { close: ['close'] });
  const next = async (): Promise<SocketMessage> => {
    const event = (await messages.next()) as IteratorResult<[Buffer], undefined>;
    if (event.done) throw new Error('the socket has closed');
    const message = JSON.parse(event.value[0].toString('utf8')) as SocketMessage;
    return message.type === 'ping' ? next() : message;
  };
  const send = (message: object) => socket.send(JSON.stringify(message));
  await once(socket, 'open');
  send({ type: 'connection_init' });
  await next();
  return {
    socket,
    subscribe: (id, query, variables, operationName) =>
      send({ type: 'subscribe', id, payload: { query, variables, operationName } }),
    complete: (id) => send({ type: 'complete', id }),
    next,
    async [Symbol.asyncDispose]() {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.terminate();
      await closed;
    },
  };
}
