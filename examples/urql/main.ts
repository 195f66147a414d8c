import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient, type Sink } from 'graphql-ws';
import WebSocket from 'ws';
import { MetricsSubscription, ModelsQuery, PredictMutation } from '../operations.ts';
import { percent, serverUrl, wantedUpdates, webSocketUrl } from '../support.ts';

const url = serverUrl();
const socket = createClient({
  url: webSocketUrl(url),
  webSocketImpl: WebSocket,
  retryAttempts: Infinity,
  shouldRetry: () => true,
});

/** Subscriptions over a WebSocket. */
const overWebSocket = new Client({
  url: `${url}/graphql`,
  preferGetMethod: false,
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ query, variables: variables ?? {} }, sink as Sink),
        }),
      }),
    }),
  ],
});

/** Subscriptions as server-sent events: nothing but HTTP, and no further package. */
const overEvents = new Client({
  url: `${url}/graphql`,
  preferGetMethod: false,
  fetchSubscriptions: true,
  exchanges: [cacheExchange, fetchExchange],
});

/** Follows the metrics for a few updates. */
async function follow(client: Client, name: string): Promise<void> {
  let updates = 0;
  await new Promise<void>((resolve, reject) => {
    const subscription = client
      .subscription(MetricsSubscription, { intervalMs: 200 })
      .subscribe(({ data, error }) => {
        if (error) reject(error);
        if (!data) return;
        updates += 1;
        console.log(`${name} ${data.metrics.totalRequests} requests`);
        if (updates < wantedUpdates()) return;
        // urql may tell the first update before `subscribe` has returned.
        queueMicrotask(() => {
          subscription.unsubscribe();
          resolve();
        });
      });
  });
}

const { data: overview } = await overWebSocket.query(ModelsQuery, {}).toPromise();
for (const { name, state } of overview?.models ?? []) console.log(`model ${name}: ${state}`);

const { data } = await overWebSocket
  .mutation(PredictMutation, { text: 'Where is my card?' })
  .toPromise();
console.log(
  `prediction ${String(data?.predict.prediction)} (${percent(data?.predict.confidence)})`,
);

await follow(overWebSocket, 'websocket');
await follow(overEvents, 'events');
await socket.dispose();
