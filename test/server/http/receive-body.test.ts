import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { toServiceError } from '../../../src/errors.ts';
import { readBody } from '../../../src/server/http/receive-body.ts';
import { ReceivedBodies } from '../../../src/server/http/received-bodies.ts';
import { rawRequest } from '../../support/api/raw-http.ts';

const LIMITS = { maxBodies: 3, maxBodiesBytes: 1_000, minBodyRate: 0, bodyGraceMs: 0 };

describe('a body that is read', () => {
  it.each([
    [
      ['0123', '456789'],
      ['received', '0123456789'],
    ],
    // Nothing begins that has been refused, although its end still comes.
    [
      ['0123', '45678901234', '5'],
      ['refused', 'PAYLOAD_TOO_LARGE', 'end'],
    ],
  ])('of the parts %j tells %j', async (chunks, told) => {
    const events: string[] = [];
    const server = createServer((req, res) => {
      const ended = once(req, 'end');
      const body = readBody(req, 10, new ReceivedBodies(LIMITS), {
        received: () => void events.push('received'),
        refused: () => void events.push('refused'),
      });
      void body
        .then(
          (bytes) => void events.push(bytes.toString()),
          async (thrown: unknown) => {
            events.push(toServiceError(thrown).code);
            await ended;
            events.push('end');
          },
        )
        .then(() => res.end());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await rawRequest(url, { method: 'POST', path: '/', headers: {}, chunks });
    server.close();
    expect(events).toEqual(told);
  });
});
