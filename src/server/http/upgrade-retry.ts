import type { IncomingMessage, Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';

/** Headers that ask for an upgrade, and what belongs to it. */
const UPGRADE_HEADERS = new Set(['upgrade', 'http2-settings']);

/** Whether a request asks to become a WebSocket; other upgrades (HTTP/2) are none of ours. */
export function isWebSocketUpgrade(req: IncomingMessage): boolean {
  return (
    req.method === 'GET' &&
    req.headers.upgrade
      ?.toLowerCase()
      .split(',')
      .some((name) => name.trim() === 'websocket') === true
  );
}

/**
 * Answers a request in HTTP/1.1 whose upgrade is not taken up, as a server may do
 * (RFC 9110, section 7.8). Java's HTTP client and `curl --http2` ask for HTTP/2 with every first
 * request. Node has given up the connection by then: it gets it back with the same request, which
 * no longer asks.
 *
 * @param head bytes of the body that have come with the headers
 */
export function answerWithoutUpgrade(
  server: Server,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${req.method ?? 'GET'} ${req.url ?? '/'} HTTP/${req.httpVersion}`];
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    const name = req.rawHeaders[at] ?? '';
    if (UPGRADE_HEADERS.has(name.toLowerCase())) continue;
    const value = req.rawHeaders[at + 1] ?? '';
    lines.push(`${name}: ${name.toLowerCase() === 'connection' ? withoutUpgrade(value) : value}`);
  }
  const text = `${lines.join('\r\n')}\r\n\r\n`;
  // Header values are bytes, which Node reads as Latin-1.
  socket.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]));
  // It is decrypted already.
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
}

function withoutUpgrade(connection: string): string {
  const kept = connection
    .split(',')
    .map((option) => option.trim())
    .filter((option) => !UPGRADE_HEADERS.has(option.toLowerCase()));
  return kept.length > 0 ? kept.join(', ') : 'keep-alive';
}
