import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerCall } from '../call/server-call.ts';
import type { HttpAnswer } from './exchange.ts';

/**
 * Writes a refusal over a connection that Node writes no response to, with the headers that every
 * answer has, and closes it.
 *
 * @param baseHeaders headers of every answer, as a flat list of names and values
 */
export function writeRefusal(
  socket: Duplex,
  { status, headers, body }: HttpAnswer,
  call: ServerCall | undefined,
  baseHeaders: readonly string[],
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
  for (let at = 0; at < baseHeaders.length; at += 2) {
    lines.push(`${baseHeaders[at] ?? ''}: ${baseHeaders[at + 1] ?? ''}`);
  }
  const own = {
    'X-Request-Id': call?.id ?? '',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
    ...call?.responseHeaders,
    Connection: 'close',
  };
  for (const [name, value] of Object.entries(own)) lines.push(`${name}: ${value}`);
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
