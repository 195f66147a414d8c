import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ReceivedBodies } from '../../../src/server/http/received-bodies.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const clients: Socket[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

interface Unfinished {
  readonly socket: Socket;
  /** Resolves with what the server answers, as text. */
  readonly answer: Promise<string>;
}

/** Sends the head of a request, and as much of its body as is given. */
function unfinished(
  { url }: TestServer,
  path: string,
  length: number,
  begin: string | Buffer = '',
): Promise<Unfinished> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  clients.push(socket);
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (data: Buffer) => resolve(data.toString('latin1')));
    socket.on('error', () => resolve('broken'));
  });
  return new Promise((resolve) => {
    socket.on('connect', () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${length}\r\n\r\n`,
      );
      socket.write(begin, () => resolve({ socket, answer }));
    });
  });
}

const PATHS = ['/graphql', '/predict', '/v2/models/sentiment/infer'];

async function predicts(server: TestServer): Promise<number> {
  return (await server.post('/predict', { input: 'good' })).status;
}

describe('bodies that are being received', () => {
  it('take no places of requests that are being answered', async () => {
    await using server = await startServer({ maxConcurrentRequests: 3 });
    for (const path of PATHS) {
      for (let at = 0; at < 10; at++) await unfinished(server, path, 100, '{"');
    }
    expect(await predicts(server)).toBe(200);
    const { data } = await server.graphql('{ __typename }');
    expect(data).toEqual({ __typename: 'Query' });
  });

  it('make the oldest give way where they are too many', async () => {
    await using server = await startServer({ maxBodies: 5 });
    const all: Unfinished[] = [];
    for (let at = 0; at < 5; at++) all.push(await unfinished(server, '/predict', 100, '{"'));
    expect(await predicts(server)).toBe(200);
    const answer = await Promise.race(all.map((each) => each.answer));
    expect(answer).toContain('503');
    expect(answer).toContain('OVERLOADED');
  });

  it.each(PATHS)('make the largest give way where they are too large, on %s', async (path) => {
    await using server = await startServer({ maxBodiesBytes: 1_000_000 });
    const part = Buffer.alloc(300_000, 0x20);
    const all: Unfinished[] = [];
    for (let at = 0; at < 8; at++) all.push(await unfinished(server, path, 900_000, part));
    const answer = await Promise.race(all.map((each) => each.answer));
    expect(answer).toContain('503');
    expect(answer).toMatch(/retry-after: 1/i);
    // Who sends a little is let through, whatever others do.
    expect(await predicts(server)).toBe(200);
  });

  it('are held to a rate after a time of grace, and their connection is closed', async () => {
    await using server = await startServer({ bodyGraceMs: 200, minBodyRate: 1_000 });
    const { socket, answer } = await unfinished(server, '/predict', 5_000, '{"input":"');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const text = await answer;
    expect(text).toContain('408');
    expect(text).toContain('REQUEST_TIMEOUT');
    await closed;
    expect(await predicts(server)).toBe(200);
  });

  it('are messages of sockets too', async () => {
    await using server = await startServer({ maxBodiesBytes: 200_000 });
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, [
      'graphql-transport-ws',
    ]);
    await new Promise((resolve) => socket.on('open', resolve));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    // A part of a message, which is never completed.
    socket.send('x'.repeat(300_000), { fin: false });
    await closed;
    expect(await predicts(server)).toBe(200);
  });
});

describe('ReceivedBodies', () => {
  const LIMITS = { maxBodies: 3, maxBodiesBytes: 100, minBodyRate: 0, bodyGraceMs: 0 };
  const open = () => {
    const bodies = new ReceivedBodies(LIMITS);
    const dropped: string[] = [];
    const begin = (name: string) => bodies.begin(({ limit }) => dropped.push(`${name} ${limit}`));
    return { bodies, dropped, begin };
  };

  it('lets the largest give way, and of equal ones the oldest', () => {
    const { bodies, dropped, begin } = open();
    const [a, b, c] = [begin('a'), begin('b'), begin('c')];
    expect([bodies.grow(a, 40), bodies.grow(b, 40), bodies.grow(c, 30)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(dropped).toEqual(['a MAX_BODIES_BYTES']);
    expect(bodies.bytes).toBe(70);
    expect(bodies.grow(c, 90)).toBe(false);
    expect(dropped).toEqual(['a MAX_BODIES_BYTES', 'c MAX_BODIES_BYTES']);
    expect([bodies.count, bodies.bytes]).toEqual([1, 40]);
  });

  it('forgets what has ended, once', () => {
    const { bodies, dropped, begin } = open();
    const a = begin('a');
    bodies.grow(a, 90);
    bodies.end(a);
    bodies.end(a);
    const b = begin('b');
    expect(bodies.grow(b, 90)).toBe(true);
    expect(dropped).toEqual([]);
    expect([bodies.count, bodies.bytes]).toEqual([1, 90]);
  });

  it('lets the oldest give way where they are too many', () => {
    const { dropped, begin } = open();
    for (const name of ['a', 'b', 'c', 'd', 'e']) begin(name);
    expect(dropped).toEqual(['a MAX_BODIES', 'b MAX_BODIES']);
  });
});
