import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { WriteFrame } from './shared/frame-receiver.ts';

/** Time between two pings; a client that does not answer until the next is gone. */
const PING_MS = 12_000;

/**
 * Writes whole frames past ws, which would write the head of each by itself. That is safe where
 * messages are neither compressed nor sent in parts: ws then writes each of its frames at once.
 */
export function frameWriter(socket: WebSocket, connection: Duplex): WriteFrame {
  return (frame, done) => {
    // Nothing may follow the frame that closes; a client that goes gets no more.
    if (socket.readyState === socket.OPEN) connection.write(frame, done);
  };
}

/**
 * Pings a client, and cuts off one that does not answer.
 *
 * @returns stops it
 */
export function startPinging(socket: WebSocket): () => void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}
