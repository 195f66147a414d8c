import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { WriteFrame } from './shared/frame-receiver.ts';

/** Time between two pings; a client that does not answer until the next is gone. */
const PING_MS = 12_000;

/** Sends a message; a socket whose client reads too slowly for what it asks is closed. */
export function send(socket: WebSocket, data: string, maxBufferBytes: number): Promise<void> {
  if (socket.bufferedAmount > maxBufferBytes) {
    socket.terminate();
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    // A client that has gone needs no answer; the close event does the rest.
    socket.send(data, () => resolve());
  });
}

/**
 * Bounds the messages that a socket brings: when a second's worth has come, the rest waits in the
 * connection until the next second.
 */
export function messageRateLimit(socket: WebSocket, maxPerSecond: number): () => void {
  let second = 0;
  let messages = 0;
  return () => {
    const now = Math.floor(performance.now() / 1_000);
    if (now !== second) {
      second = now;
      messages = 0;
    }
    if (++messages < maxPerSecond || socket.isPaused) return;
    socket.pause();
    const untilNext = (now + 1) * 1_000 - performance.now();
    setTimeout(() => socket.resume(), untilNext).unref();
  };
}

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
