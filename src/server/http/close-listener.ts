import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { holdWrites } from './write-queue.ts';

/** Time without a new connection after which the backlog counts as empty, in milliseconds. */
const QUIET_MS = 20;

/** Longest time for which answers are held back, in milliseconds. */
const MAX_HOLD_MS = 200;

/** Most turns of the event loop that are waited for one without a new connection. */
const MAX_TURNS = 1_000;

/**
 * Stops listening without losing a connection that stands in the backlog: the kernel resets those
 * that nobody has accepted. Nothing can ask it to refuse new ones first, so the moment is chosen:
 * answers are held back until those who wait for one, and would connect again after it, have
 * nothing to connect for; then the socket is closed at the end of a turn that has accepted all that
 * there was.
 *
 * Connections that are open stay open, also those between two requests, which
 * `http.Server.close()` would end.
 *
 * @param onClosed called before the answers that were held back are written
 * @returns resolves as soon as nobody can connect any more; `gone` resolves when the last connection
 *   has ended
 */
export async function closeListener(
  server: Server,
  onClosed: () => void,
): Promise<{ gone: Promise<void> }> {
  if (!server.listening) {
    onClosed();
    return { gone: Promise.resolve() };
  }
  let accepted = 0;
  server.on('connection', () => accepted++);
  const release = holdWrites();
  const giveUpAt = performance.now() + MAX_HOLD_MS;
  for (let before = -1; accepted !== before && performance.now() < giveUpAt;) {
    before = accepted;
    await delay(QUIET_MS);
  }
  // Between two turns the event loop accepts whatever stands in the backlog.
  for (let before = -1, turn = 0; accepted !== before && turn < MAX_TURNS; turn++) {
    before = accepted;
    await nextTurn();
  }
  const gone = new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
  onClosed();
  release();
  return { gone };
}
