import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Metadata of a model that doubles a number, as KServe tells it. */
export const METADATA = {
  name: 'doubler',
  versions: null,
  platform: '',
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
};

/** What an engine was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A stand-in for an engine of another make, over HTTP. */
export interface FakeEngine extends AsyncDisposable {
  readonly url: string;
  /** Everything that it was asked, in order. */
  readonly asked: Asked[];
  /** What it answers; may be changed at any time. */
  readonly answers: {
    metadata: unknown;
    /** `undefined`: it has no such extension. */
    config: unknown;
    infer: (asked: Asked, response: ServerResponse) => void;
  };
}

/** Starts one. */
export async function startFakeEngine(): Promise<FakeEngine> {
  const asked: Asked[] = [];
  const answers: FakeEngine['answers'] = {
    metadata: METADATA,
    config: undefined,
    infer: (_asked, response) => json(response, { outputs: [] }),
  };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks) };
      asked.push(one);
      if (path.endsWith('/infer')) answers.infer(one, response);
      else if (path.endsWith('/ready')) json(response, { name: 'doubler', ready: true });
      else if (!path.endsWith('/config')) json(response, answers.metadata);
      else if (answers.config !== undefined) json(response, answers.config);
      else json(response, { detail: 'Not Found' }, 404);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers JSON. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers binary tensors: JSON, its length in the header, and bytes. */
export function binary(
  response: ServerResponse,
  body: unknown,
  bytes: Buffer,
  length?: number,
): void {
  const head = Buffer.from(JSON.stringify(body));
  response
    .writeHead(200, {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(length ?? head.length),
    })
    .end(Buffer.concat([head, bytes]));
}
