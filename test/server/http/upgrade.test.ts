import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

/** What Java's HTTP client and `curl --http2` send along with their first request. */
const H2C = [
  'Connection: Upgrade, HTTP2-Settings',
  'Upgrade: h2c',
  'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
];

describe('a request that asks for an upgrade to HTTP/2', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  /** Sends bytes over one connection, in parts, and gives everything that comes until it closes. */
  const exchange = async (...parts: readonly string[]): Promise<string> => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    await once(socket, 'connect');
    for (const part of parts) await new Promise((resolve) => socket.write(part, resolve));
    let answers = '';
    for await (const chunk of socket) answers += String(chunk);
    return answers;
  };

  const request = (line: string, body = '', headers: readonly string[] = H2C): string =>
    [
      `${line} HTTP/1.1`,
      'Host: localhost',
      ...headers,
      ...(body ? ['Content-Type: application/json', `Content-Length: ${body.length}`] : []),
      '',
      body,
    ].join('\r\n');

  const last = (line: string): string => request(line, '', ['Connection: close']);

  it.each([
    ['GET /livez', '', '"status"'],
    ['POST /predict', '{"input":"a"}', '"prediction":"positive"'],
    ['POST /graphql', '{"query":"{__typename}"}', '{"data":{"__typename":"Query"}}'],
    ['POST /v2/repository/index', '{}', '"name":"sentiment"'],
    ['GET /nope', '', '"code":"NOT_FOUND"'],
  ])('is answered in HTTP/1.1, and so is what follows it: %s', async (line, body, expected) => {
    const answers = await exchange(request(line, body), last('GET /readyz'));
    expect(answers).toContain(expected);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toHaveLength(2);
    expect(answers).not.toContain('101');
  });

  it('may bring its body later, in parts', async () => {
    const whole = request('POST /predict', '{"input":"a"}');
    const at = whole.indexOf('{"input"') + 4;
    const answers = await exchange(whole.slice(0, at), whole.slice(at), last('GET /readyz'));
    expect(answers).toContain('"prediction":"positive"');
  });

  it('is a WebSocket all the same where it offers one too', async () => {
    const answers = await exchange(
      request('GET /nowhere', '', [
        'Connection: Upgrade',
        'Upgrade: h2c, websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ]),
    );
    expect(answers).toContain('WebSockets are served at /graphql only.');
  });
});
