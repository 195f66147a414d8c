import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import autocannon, { type Instance } from 'autocannon';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { GrpcClient } from '../support/oip.ts';
import type { Outcomes } from './outcomes.ts';

/** Clients that send requests until they are stopped, or nobody listens to them any more. */
export interface Load {
  /** Resolves when all of them have ended by themselves. */
  readonly ended: Promise<unknown>;
  /** Has each of them end with its next answer. */
  stop(): Promise<unknown>;
}

/** Name of the header by which a proxy tells which replica has answered. */
export const REPLICA_HEADER = 'x-replica';

const HEADERS = { 'content-type': 'application/json' };

let seed = 0;

/** A body that no cache knows yet. */
const nextBody = () =>
  JSON.stringify({
    model: 'penguins',
    input: { features: { island: 'Dream', body_mass_g: 3_000 + (seed++ % 100_000) / 100 } },
  });

interface Options {
  readonly url: string;
  readonly clients: number;
  readonly outcomes: Outcomes;
}

/** Runs loops side by side. @param turn sends one request; answers whether to go on */
function loops(clients: number, turn: (client: number) => Promise<boolean>): Load {
  let isStopped = false;
  const running = Array.from({ length: clients }, async (_, client) => {
    while (!isStopped && (await turn(client)));
  });
  const ended = Promise.all(running);
  return {
    ended,
    stop: () => {
      isStopped = true;
      return ended;
    },
  };
}

/** Loops over `fetch`, whose connections are kept alive. @param pauseMs between two requests */
export function fetchLoops({ url, clients, outcomes }: Options, pauseMs = 0): Load {
  return loops(clients, async () => {
    try {
      const response = await fetch(`${url}/predict`, {
        method: 'POST',
        headers: HEADERS,
        body: nextBody(),
      });
      const text = await response.text();
      if (response.status === 200 && text.includes('"prediction"')) {
        outcomes.answer(response.headers.get(REPLICA_HEADER) ?? '');
      } else outcomes.lose(`${response.status} ${text}`);
    } catch (error) {
      if (outcomes.fail(error)) return false;
    }
    if (pauseMs > 0) await delay(Math.random() * 2 * pauseMs);
    return true;
  });
}

/** Loops that open a connection for each request. */
export function freshLoops({ url, clients, outcomes }: Options): Load {
  const agent = new Agent({ keepAlive: false });
  return loops(
    clients,
    () =>
      new Promise((resolve) => {
        const onError = (error: Error) => resolve(!outcomes.fail(error));
        const sent = request(
          `${url}/predict`,
          { method: 'POST', headers: HEADERS, agent },
          (response) => {
            response.resume();
            response.on('error', onError);
            response.on('end', () => {
              if (response.statusCode === 200) outcomes.answer();
              else outcomes.lose(String(response.statusCode));
              resolve(true);
            });
          },
        );
        sent.on('error', onError);
        sent.end(nextBody());
      }),
  );
}

/**
 * autocannon: connections that are kept alive, and sent the next request over at once, whatever the
 * last answer says of them.
 */
export function autocannonLoad({ url, clients, outcomes }: Options): Load {
  const options = {
    url: `${url}/predict`,
    connections: clients,
    duration: 3_600,
    method: 'POST',
    headers: HEADERS,
    body: nextBody(),
  } as const;
  // Given a callback, it hands out the run itself and no promise.
  let instance: Instance | undefined;
  const ended = new Promise((resolve) => {
    instance = autocannon(options, resolve);
  });
  instance?.on('response', (_client, status) => {
    if (status === 200) outcomes.answer();
    else outcomes.lose(String(status));
  });
  instance?.on('reqError', (error: Error) => {
    // It goes on connecting until it is stopped.
    if (outcomes.fail(error)) instance?.stop();
  });
  return {
    ended,
    stop: () => {
      instance?.stop();
      return ended;
    },
  };
}

/** Loops over gRPC. @param url `http://127.0.0.1:PORT` of the gRPC port */
export function grpcLoops({ url, clients, outcomes }: Options): Load {
  const open = Array.from({ length: clients }, () => new GrpcClient(Number(new URL(url).port)));
  const load = loops(clients, async (client) => {
    try {
      await open[client]?.call('ModelInfer', {
        model_name: 'digits',
        inputs: [
          {
            name: 'image',
            datatype: 'FP32',
            shape: [1, 1, 8, 8],
            contents: { fp32_contents: Array.from({ length: 64 }, (_, i) => i % 16) },
          },
        ],
      });
      outcomes.answer();
      return true;
    } catch (error) {
      return !outcomes.fail(error);
    }
  });
  void load.ended.finally(() => {
    for (const client of open) client.close();
  });
  return load;
}

const QUERY = 'query ($mass: Float!) { penguins(island: Dream, bodyMassG: $mass) { confidence } }';

/**
 * graphql-ws clients that connect again whenever they are told to, each with queries one after the
 * other and a subscription that nothing may end.
 */
export function socketLoops({ url, clients, outcomes }: Options): Load {
  const open = Array.from({ length: clients }, (): Client => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 1_000,
      shouldRetry: () => true,
      retryWait: () => delay(20 + Math.random() * 50),
      onNonLazyError: (error) => outcomes.lose(`socket: ${String(error)}`),
    });
    client.subscribe(
      { query: 'subscription { metrics(intervalMs: 100) { totalRequests } }' },
      {
        next: ({ errors }) => {
          if (errors) outcomes.lose(`subscription: ${JSON.stringify(errors)}`);
        },
        error: (error) => outcomes.lose(`subscription: ${JSON.stringify(error)}`),
        complete: () => {
          if (!isStopped) outcomes.lose('subscription: complete');
        },
      },
    );
    return client;
  });
  let isStopped = false;
  const load = loops(
    clients,
    (client) =>
      new Promise((resolve) => {
        open[client]?.subscribe(
          { query: QUERY, variables: { mass: 3_000 + (seed++ % 100_000) / 100 } },
          {
            next: ({ data, errors }) => {
              if (data && !errors) outcomes.answer();
              else outcomes.lose(`query: ${JSON.stringify(errors)}`);
            },
            error: (error) => {
              outcomes.lose(`query: ${JSON.stringify(error)}`);
              resolve(true);
            },
            complete: () => resolve(true),
          },
        );
      }),
  );
  return {
    ended: load.ended,
    stop: async () => {
      await load.stop();
      isStopped = true;
      for (const client of open) await client.dispose();
    },
  };
}
