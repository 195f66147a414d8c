import type { ServerResponse } from 'node:http';

/** Knows what is being answered, so that a shutdown loses nothing that was accepted. */
export class RequestTracker {
  readonly #responses = new Set<ServerResponse>();
  readonly #waiting: (() => void)[] = [];
  #operations = 0;
  readonly #onClosed: () => void;
  #draining = false;

  /** @param onClosed called after each response of the time of draining, streams too */
  constructor(onClosed: () => void = () => undefined) {
    this.#onClosed = onClosed;
  }

  /** Whether {@link startDraining} has been called. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Requests and operations being answered, without streams. */
  get size(): number {
    return this.#responses.size + this.#operations;
  }

  /** Counts a response until its connection is done with it. */
  add(res: ServerResponse): void {
    this.#responses.add(res);
    res.once('close', () => {
      this.exempt(res);
      if (this.#draining) this.#onClosed();
    });
  }

  /** Counts a response no longer: it is a stream that ends only when it is told to. */
  exempt(res: ServerResponse): void {
    if (this.#responses.delete(res)) this.#check();
  }

  /** Counts an operation that has no HTTP response (one over WebSocket) until it settles. */
  async track<T>(operation: T | Promise<T>): Promise<T> {
    this.#operations++;
    try {
      return await operation;
    } finally {
      this.#operations--;
      this.#check();
    }
  }

  /** Makes each connection close after the answer that it is waiting for. */
  startDraining(): void {
    this.#draining = true;
    for (const res of this.#responses) {
      if (!res.headersSent) res.setHeader('Connection', 'close');
    }
  }

  /** Resolves when nothing is being answered. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #check(): void {
    if (this.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
