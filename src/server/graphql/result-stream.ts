import type { ExecutionResult, GraphQLError } from 'graphql';

type Next = IteratorResult<ExecutionResult, undefined>;

/**
 * The results of a subscription: one for each event of its source. Whoever reads it may end it at any
 * time, also while it waits for the next event.
 */
export class ResultStream implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #source: AsyncIterator<unknown>;
  readonly #toResult: (event: unknown) => Promise<ExecutionResult>;
  readonly #toFailure: (thrown: unknown) => GraphQLError;
  #onEnd: (() => void) | undefined;

  /**
   * @param toFailure what the stream fails with, where the source fails
   * @param onEnd called once, however the stream ends
   */
  constructor(
    source: AsyncIterator<unknown>,
    toResult: (event: unknown) => Promise<ExecutionResult>,
    toFailure: (thrown: unknown) => GraphQLError,
    onEnd: () => void = () => undefined,
  ) {
    this.#source = source;
    this.#toResult = toResult;
    this.#toFailure = toFailure;
    this.#onEnd = onEnd;
  }

  async next(): Promise<Next> {
    if (!this.#onEnd) return DONE;
    try {
      const next = await this.#source.next();
      if (next.done === true) {
        this.#end();
        return DONE;
      }
      return { done: false, value: await this.#toResult(next.value) };
    } catch (thrown) {
      this.#end();
      await this.#close();
      throw this.#toFailure(thrown);
    }
  }

  async return(): Promise<Next> {
    this.#end();
    await this.#close();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.();
  }

  async #close(): Promise<void> {
    await this.#source.return?.();
  }
}

const DONE: Next = { done: true, value: undefined };
