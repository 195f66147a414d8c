import { setTimeout as delay } from 'node:timers/promises';
import type { TensorMap } from '../../tensor/tensor.ts';
import { RemoteFailure, type RemoteClient, type RemoteLimits } from './remote-client.ts';

/** Pauses between two questions to an address that is away: from the first on, doubled. */
const PAUSES_MS = { first: 100, longest: 5_000 } as const;

/** Questions in a row that a busy address may leave unanswered before it counts as frozen. */
const SILENCES = 2;

/** Options of {@link Endpoint}. */
export interface EndpointOptions {
  readonly client: RemoteClient;
  /** Host and port, for messages. */
  readonly name: string;
  /** Most requests under way. */
  readonly maxInFlight: number;
  /** Time without an answer after which it is asked whether it is there, in milliseconds. */
  readonly probeAfterMs: number;
  /** Told when it is left out, and why. */
  readonly onLeftOut: (reason: string) => void;
  /** Told whenever it comes, goes, or has room again. */
  readonly onChange: () => void;
}

/**
 * One address of a remote engine. It is left out when it fails, asked in growing pauses whether it is
 * back, and taken in again. While requests are under way and none is answered, it is asked whether it
 * is there at all: a slow engine answers that, a frozen one does not.
 */
export class Endpoint {
  readonly name: string;
  readonly client: RemoteClient;
  readonly #options: EndpointOptions;
  readonly #running = new Set<AbortController>();
  readonly #closing = new AbortController();
  #away: string | undefined;
  #lastAnswerAt = 0;
  #watching = false;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.client = options.client;
    this.name = options.name;
  }

  /** Why it is left out; `undefined` while it takes requests. */
  get away(): string | undefined {
    return this.#away;
  }

  /** Requests under way. */
  get outstanding(): number {
    return this.#running.size;
  }

  /** Requests that it could take now. */
  get room(): number {
    return this.#away === undefined ? this.#options.maxInFlight - this.#running.size : 0;
  }

  /**
   * Runs one batch here.
   *
   * @throws {RemoteFailure} `lost` too where the address stopped answering
   */
  async infer(
    inputs: TensorMap,
    outputs: readonly string[],
    limits: RemoteLimits,
  ): Promise<TensorMap> {
    const controller = new AbortController();
    const onAbort = () => controller.abort();
    limits.signal.addEventListener('abort', onAbort, { once: true });
    if (limits.signal.aborted) controller.abort();
    if (this.#running.size === 0) this.#lastAnswerAt = performance.now();
    this.#running.add(controller);
    void this.#watch();
    try {
      const answer = await this.client.infer(inputs, outputs, {
        ...limits,
        signal: controller.signal,
      });
      this.#lastAnswerAt = performance.now();
      return answer;
    } catch (error) {
      // Whoever waited is still there: it was this address that was given up.
      if (controller.signal.aborted && !limits.signal.aborted) {
        throw new RemoteFailure('lost', this.#away ?? 'it stopped answering', error);
      }
      if (error instanceof RemoteFailure && error.kind !== 'late' && error.kind !== 'gone') {
        this.#lastAnswerAt = performance.now();
      }
      throw error;
    } finally {
      limits.signal.removeEventListener('abort', onAbort);
      this.#running.delete(controller);
      this.#options.onChange();
    }
  }

  /** Leaves it out until it says that it is ready; what is under way there fails as lost. */
  leaveOut(reason: string): void {
    if (this.#away !== undefined || this.#closing.signal.aborted) return;
    this.#away = reason;
    this.#options.onLeftOut(reason);
    void this.#returning();
    this.#options.onChange();
  }

  /** Fails what is under way, so that it can be tried elsewhere. */
  giveUp(): void {
    for (const controller of this.#running) controller.abort();
  }

  /** Ends everything; nothing is asked any more. */
  close(): void {
    this.#closing.abort();
    this.giveUp();
    this.client.close();
  }

  async #returning(): Promise<void> {
    for (let pause: number = PAUSES_MS.first; ; pause = Math.min(2 * pause, PAUSES_MS.longest)) {
      if (await this.#isThere()) break;
      await delay(pause, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      if (this.#closing.signal.aborted) return;
    }
    this.#away = undefined;
    this.#lastAnswerAt = performance.now();
    this.#options.onChange();
  }

  /** Asks, as long as requests are under way and nothing comes back. */
  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    const { probeAfterMs } = this.#options;
    let silences = 0;
    while (this.#running.size > 0 && !this.#closing.signal.aborted) {
      const waited = performance.now() - this.#lastAnswerAt;
      if (waited < probeAfterMs) {
        silences = 0;
        await this.#sleep(probeAfterMs - waited);
      } else if (await this.#answers()) {
        silences = 0;
        await this.#sleep(probeAfterMs);
      } else if (++silences >= SILENCES && this.#running.size > 0) {
        this.leaveOut('it stopped answering');
        this.giveUp();
        break;
      }
    }
    this.#watching = false;
  }

  /** Whether anything comes back: also that it is not ready, or does not know. */
  async #answers(): Promise<boolean> {
    try {
      await this.client.ready(this.#limits());
      return true;
    } catch (error) {
      return error instanceof RemoteFailure && !['late', 'lost', 'unsent'].includes(error.kind);
    }
  }

  async #isThere(): Promise<boolean> {
    try {
      return await this.client.ready(this.#limits());
    } catch {
      return false;
    }
  }

  #limits(): RemoteLimits {
    return { timeoutMs: this.#options.probeAfterMs, signal: this.#closing.signal };
  }

  async #sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
  }
}
