import type { Socket } from 'node:net';

/** Time that a client has to close its side of a connection, in milliseconds. */
const LINGER_MS = 1_000;

/** A request whose answer says that it is the last of its connection. */
export interface LastRequest {
  /** It is not the last one after all; does nothing once the answer is sent. */
  keepOpen(): void;
}

/** The request of each connection whose answer says that it is the last one. */
const last = new WeakMap<Socket, LastRequest>();

/**
 * Makes a request the last of its connection, unless a later one is already: of several that were
 * sent one behind the other, all are answered.
 *
 * @returns whether its answer is to say so
 */
export function closeAfter(socket: Socket, request: LastRequest): boolean {
  if (last.has(socket)) return last.get(socket) === request;
  last.set(socket, request);
  // Node calls it once the last answer of a connection is written.
  socket.destroySoon = () => closeInStages(socket);
  return true;
}

/** Lets another request be the last of the connection. */
export function forgetLast(socket: Socket): void {
  last.get(socket)?.keepOpen();
  last.delete(socket);
}

/**
 * Closes a connection in stages (RFC 9112, section 9.6): no more is sent, and what the client has
 * sent before it could know is read and dropped. Where unread bytes are left the kernel resets the
 * connection, and the answer that was sent may be lost with it.
 */
function closeInStages(socket: Socket): void {
  if (socket.destroyed) return;
  // A slow reader has all the time that it needs for the answer itself.
  socket.end(() => {
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  });
}
