import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type GraphQLSocket, openGraphQLSocket } from '../../support/api/graphql-socket.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const PREDICT = 'mutation { predict(input: { text: "a" }) { prediction } }';

describe('an operation over a WebSocket', () => {
  let server: TestServer;
  let client: GraphQLSocket;
  beforeEach(async () => {
    server = await startServer({ maxConcurrentRequests: 2 });
    client = await openGraphQLSocket(server.url);
  });
  afterEach(async () => {
    await client[Symbol.asyncDispose]();
    await server.close();
  });

  /** Holds every prediction until it is released, or its client has left it. */
  const holdPredictions = () => {
    const held = { begun: 0, aborted: 0, release: (): void => undefined };
    const released = new Promise<void>((resolve) => (held.release = resolve));
    server.services.state.beforePredict = ({ signal }) => {
      held.begun++;
      server.services.events.emit('held');
      return new Promise<void>((resolve, reject) => {
        void released.then(resolve);
        signal?.addEventListener('abort', () => {
          held.aborted++;
          reject(new Error('gone'));
          server.services.events.emit('aborted');
        });
      });
    };
    return held;
  };

  /** Messages until each of the operations has ended. */
  const answersOf = async (count: number) => {
    const answers = new Map<string, string>();
    while (answers.size < count) {
      const { id, type, payload } = await client.next();
      if (id === undefined || type === 'complete') continue;
      const text = JSON.stringify(payload);
      answers.set(id, /"code":"(\w+)"/.exec(text)?.[1] ?? 'OK');
    }
    return answers;
  };

  it('takes a place as any other request does', async () => {
    const held = holdPredictions();
    const answers = answersOf(80);
    for (let id = 0; id < 80; id++) client.subscribe(String(id), PREDICT);
    await vi.waitFor(() =>
      expect(server.log.filter(({ code }) => code === 'OVERLOADED')).toHaveLength(78),
    );
    held.release();
    const codes = [...(await answers).values()];
    expect(codes.filter((code) => code === 'OK')).toHaveLength(2);
    expect(codes.filter((code) => code === 'OVERLOADED')).toHaveLength(78);
    expect(held.begun).toBe(2);
  });

  it('has a line of the log of its own', async () => {
    client.subscribe('1', `query Mine { __typename }`);
    client.subscribe('2', '{ nope }');
    await answersOf(2);
    await vi.waitFor(() => {
      const lines = server.log.filter(({ method }) => method === 'SUBSCRIBE');
      expect(lines).toHaveLength(2);
      const [good, bad] = lines.toSorted((a, b) => Number(a.status) - Number(b.status));
      expect(good).toMatchObject({ transport: 'websocket', status: 200, operation: 'Mine' });
      expect(bad).toMatchObject({
        transport: 'websocket',
        status: 400,
        code: 'GRAPHQL_VALIDATION_FAILED',
      });
      expect(good?.requestId).not.toBe(bad?.requestId);
    });
  });

  it('is aborted by its own `complete`, and nothing else is', async () => {
    const held = holdPredictions();
    client.subscribe('1', PREDICT);
    await once(server.services.events, 'held');
    client.subscribe('2', PREDICT);
    await once(server.services.events, 'held');
    const aborted = once(server.services.events, 'aborted');
    client.complete('1');
    await aborted;
    expect(held.aborted).toBe(1);
    const answers = answersOf(1);
    held.release();
    expect(await answers).toEqual(new Map([['2', 'OK']]));
    await vi.waitFor(() =>
      expect(server.log.filter(({ aborted: isAborted }) => isAborted)).toHaveLength(1),
    );
  });

  it('is not begun once the server shuts down', async () => {
    const held = holdPredictions();
    client.subscribe('1', PREDICT);
    await once(server.services.events, 'held');
    await server.http.stopAccepting();
    for (let id = 2; id <= 101; id++) client.subscribe(String(id), PREDICT);
    client.socket.ping();
    await once(client.socket, 'pong');
    expect(held.begun).toBe(1);
    const answers = answersOf(1);
    const closed = once(client.socket, 'close');
    held.release();
    expect(await answers).toEqual(new Map([['1', 'OK']]));
    // Clients ask the next server for what was not begun here.
    expect((await closed)[0]).toBe(1001);
    expect(held.begun).toBe(1);
  });

  it.each([
    [
      'variables of another type',
      'mutation ($top: Int!) { predict(input: { text: "a" }) { scores(top: $top) { label } } }',
      { top: 'no number' },
      'BAD_USER_INPUT',
    ],
    [
      'a missing variable',
      'query ($m: String!) { metrics(model: $m) { totalRequests } }',
      {},
      'BAD_USER_INPUT',
    ],
    [
      'an operation that is ambiguous',
      'query A { __typename } query B { __typename }',
      {},
      'OPERATION_RESOLUTION_FAILURE',
    ],
  ])('is refused with its code alone: %s', async (_name, query, variables, code) => {
    client.subscribe('1', query, variables);
    const { type, payload } = await client.next();
    expect(type).toBe('error');
    const [error] = payload as [{ extensions: Record<string, unknown> }];
    expect(error.extensions.code).toBe(code);
    expect(error.extensions).not.toHaveProperty('http');
  });
});

describe('many operations over one WebSocket', () => {
  it('leave no listener behind', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', onWarning);
    await using server = await startServer();
    await using client = await openGraphQLSocket(server.url);
    let open = 0;
    const allOpen = new Promise<void>((resolve) => {
      let release: () => void = () => undefined;
      const released = new Promise<void>((letGo) => (release = letGo));
      server.services.state.beforePredict = ({ signal }) => {
        signal?.addEventListener('abort', () => undefined);
        if (++open === 50) {
          resolve();
          release();
        }
        return released;
      };
    });
    for (let id = 0; id < 50; id++) client.subscribe(String(id), PREDICT);
    await allOpen;
    for (let ended = 0; ended < 50;) if ((await client.next()).type === 'complete') ended++;
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(client.socket.isPaused).toBe(false);
  });
});
