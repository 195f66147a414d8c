import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServiceError } from '../../errors.ts';
import { toErrorResponse } from '../rest/errors.ts';

/**
 * Refuses a request at the door, before any plugin sees it.
 *
 * @param keepAlive whether its connection may bring further requests. @default false
 */
export function refuseRequest(res: ServerResponse, error: ServiceError, keepAlive = false): void {
  const { status, headers, body } = toErrorResponse(error);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
    ...(!keepAlive && { Connection: 'close' }),
  });
  res.end(JSON.stringify(body));
}

/** Refuses to upgrade a connection to a WebSocket. */
export function refuseUpgrade(socket: Duplex, error: ServiceError): void {
  const { status, headers, body } = toErrorResponse(error);
  const text = JSON.stringify(body);
  const lines = Object.entries({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`);
}
