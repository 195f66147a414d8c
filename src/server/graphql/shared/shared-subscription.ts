import type { FrameReceiver } from './frame-receiver.ts';
import { messageStart, type SharedResult } from './shared-result.ts';

type End = IteratorResult<never, undefined>;

/**
 * One caller's part in a shared stream. To those who hold it (graphql-ws, the count of open
 * subscriptions) it is a stream that yields nothing and ends in time: the results go past them, to
 * the socket.
 */
export class SharedSubscription implements AsyncGenerator<never, undefined, undefined> {
  /** Number of the newest result that is not for it (any more). */
  seen = 0;
  /** Called when the caller leaves. */
  onLeave: () => void = () => undefined;
  readonly #receiver: FrameReceiver;
  readonly #start: Buffer;
  readonly #end: Promise<End>;
  #settle: { resolve: (end: End) => void; reject: (reason: unknown) => void } | undefined;
  #hasResult = false;

  constructor(receiver: FrameReceiver) {
    this.#receiver = receiver;
    this.#start = messageStart(receiver.id);
    this.#end = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // It may fail before anyone asks for the first time.
    this.#end.catch(() => undefined);
  }

  /** Whether nothing more will be sent. */
  get hasEnded(): boolean {
    return this.#settle === undefined;
  }

  /** Sends a result. */
  send(result: SharedResult): void {
    if (this.hasEnded) return;
    this.#hasResult = true;
    this.#receiver.send(result.frameFor(this.#receiver.id, this.#start));
  }

  /** Sends a result that is the first, or else out of date. */
  greet(result: SharedResult): void {
    if (!this.#hasResult) this.send(result);
  }

  /** Tells the caller that the stream has ended. */
  end(): void {
    this.#receiver.close();
    this.#settle?.resolve({ done: true, value: undefined });
    this.#settle = undefined;
  }

  /** Tells the caller that the stream has failed. */
  fail(reason: unknown): void {
    this.#receiver.close();
    this.#settle?.reject(reason);
    this.#settle = undefined;
  }

  /** Resolves when the stream has ended, rejects when it has failed. */
  next(): Promise<End> {
    return this.#end;
  }

  /** The caller leaves. */
  return(): Promise<End> {
    this.end();
    this.onLeave();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The caller leaves with an error. */
  throw(reason: unknown): Promise<End> {
    this.fail(reason);
    this.onLeave();
    return this.#end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
