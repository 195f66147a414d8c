import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { webSocketUrl } from '../support.ts';
import { typePolicies } from './type-policies.ts';

/** An Apollo Client, and the WebSocket below it to close at the end. */
export interface Connection {
  readonly apollo: ApolloClient;
  readonly socket: Client;
}

/**
 * Queries and mutations go over HTTP, subscriptions over one WebSocket. After the server was away
 * the socket comes back by itself, and every subscription goes on.
 */
export function connect(url: string): Connection {
  const socket = createClient({
    url: webSocketUrl(url),
    // Node has a WebSocket of its own only since version 22.
    webSocketImpl: WebSocket,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(5_000, 250 * 2 ** retries))),
  });
  const apollo = new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: `${url}/graphql` }),
    ),
    cache: new InMemoryCache({ typePolicies }),
  });
  return { apollo, socket };
}
