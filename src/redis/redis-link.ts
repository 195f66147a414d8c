import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';
import type { RedisClient } from './redis-client.ts';
import { NoAnswerError, NonsenseError, redisFault } from './redis-fault.ts';

/** Whether Redis is used, and if not, why. */
export interface RedisStatus {
  readonly state: 'up' | 'down';
  /** What happened; `null` while up. */
  readonly reason: string | null;
}

/** Called once for each change; the reason is `null` when up. */
export type RedisStateListener = (state: 'up' | 'down', reason: string | null) => void;

/** Options of {@link RedisLink}. */
export interface RedisLinkOptions {
  /** Makes a client for a new connection. */
  readonly connect: () => RedisClient;
  /** Time that an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Time that connecting may take, in milliseconds; no prediction waits for it. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** A key that the probe may write. */
  readonly probeKey: string;
  readonly onStateChange?: RedisStateListener;
  readonly breaker?: Omit<CircuitBreakerOptions, 'probe' | 'onChange'>;
}

/**
 * A connection to Redis that is never in anyone's way. A question is answered within the time-out
 * or not at all; after a time-out, a lost connection or a refusal Redis is left alone, questions
 * are answered with nothing at once, and probes on new connections tell when it is back.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  readonly #breaker: CircuitBreaker;
  /** Answers nothing to the questions under way. */
  readonly #giveUp = new Set<() => void>();
  #client: RedisClient | undefined;

  /** Connects in the background. */
  constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#breaker = new CircuitBreaker({
      ...options.breaker,
      probe: () => this.#probe(),
      onChange: (state, reason) => {
        if (state === 'down') this.#drop();
        options.onStateChange?.(state, reason);
      },
    });
    this.#breaker.start();
  }

  /** Whether a question has a chance. */
  get up(): boolean {
    return this.#breaker.state === 'closed';
  }

  /** Whether Redis is used, and if not, why. */
  get status(): RedisStatus {
    return { state: this.up ? 'up' : 'down', reason: this.#breaker.reason };
  }

  /**
   * Runs commands; `undefined` when they fail, take too long or Redis is down. A command of many
   * parts calls `progress` after each, which gives the next one the whole time again.
   */
  ask<T>(
    command: (client: RedisClient, progress: () => void) => Promise<T>,
  ): Promise<T | undefined> {
    const client = this.#client;
    if (!client || !this.up) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      let parts = 0;
      const settle = (value: T | undefined): void => {
        clearTimeout(timer);
        this.#giveUp.delete(giveUp);
        resolve(value);
      };
      const giveUp = (): void => {
        settle(undefined);
      };
      const late = (): void => {
        if (!this.#giveUp.has(giveUp)) return;
        settle(undefined);
        this.#trip(client, new NoAnswerError(this.#options.timeoutMs).message);
      };
      const timer = setTimeout(() => {
        const before = parts;
        // The answer may be here already while this thread was busy: one look at the socket first.
        setImmediate(() => {
          if (parts === before) late();
        });
      }, this.#options.timeoutMs);
      const progress = (): void => {
        parts += 1;
        timer.refresh();
      };
      this.#giveUp.add(giveUp);
      run(() => command(client, progress)).then(
        (value) => {
          if (client === this.#client) this.#breaker.succeeded();
          settle(value);
        },
        (error: unknown) => {
          settle(undefined);
          const { reason, lasting } = redisFault(error);
          if (lasting) this.#trip(client, reason);
          else if (client === this.#client) this.#breaker.failed(reason);
        },
      );
    });
  }

  /** Disconnects for good. */
  close(): void {
    this.#breaker.close();
    this.#drop();
  }

  /** A client of the past says nothing about the one of now. */
  #trip(client: RedisClient, reason: string): void {
    if (client === this.#client) this.#breaker.trip(reason);
  }

  #drop(): void {
    this.#client?.commands.disconnect();
    this.#client = undefined;
    for (const giveUp of this.#giveUp) giveUp();
  }

  /** Makes a new connection and tries a command of each sort: a replica answers reads only. */
  async #probe(): Promise<string | null> {
    const { connect, timeoutMs, connectTimeoutMs = 2_000, probeKey } = this.#options;
    this.#drop();
    const client = connect();
    this.#client = client;
    try {
      // ioredis leaves some failed attempts pending: these end all the same.
      const ended = new Promise<never>((_resolve, reject) => {
        client.commands.once('end', () => {
          reject(new Error('the connection has ended'));
        });
      });
      await within(connectTimeoutMs, Promise.race([client.commands.connect(), ended]));
      const pong: string = await within(timeoutMs, client.commands.ping());
      if (pong !== 'PONG') throw new NonsenseError();
      await within(timeoutMs, client.set(probeKey, Buffer.from('1'), 1_000));
    } catch (error) {
      const { reason } = redisFault(client.lastError ?? error);
      if (client === this.#client) this.#drop();
      return reason;
    }
    if (client !== this.#client) return 'closed';
    client.commands.on('end', () => {
      this.#trip(client, redisFault(client.lastError).reason);
    });
    return null;
  }
}

/** Also turns what is thrown at once into a rejection. */
async function run<T>(command: () => Promise<T>): Promise<T> {
  return command();
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // As above: models that load keep this thread busy just when the first probe runs.
      setImmediate(() => {
        reject(new NoAnswerError(ms));
      });
    }, ms).unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
