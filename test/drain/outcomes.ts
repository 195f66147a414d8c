import { EventLog } from '../support/faults/event-log.ts';

/** How many rounds each case runs: one in `npm test`, ten in `npm run test:drain`. */
export const ROUNDS = Number(process.env.DRAIN_ROUNDS ?? 1);

interface Outcome {
  /** The replica that answered, where a proxy tells it. */
  readonly by?: string;
  /** Why there is no good answer. */
  readonly lost?: string;
}

/** What became of the requests of a load. */
export class Outcomes {
  /** Requests that nobody listened to any more. */
  refused = 0;
  readonly #log = new EventLog<Outcome>();

  /** Why requests have no good answer. */
  get lost(): string[] {
    return this.#log.all.flatMap(({ lost }) => lost ?? []);
  }

  /** How many requests have their answer. */
  get answered(): number {
    return this.#log.all.filter(({ lost }) => lost === undefined).length;
  }

  /** @param by the replica that answered */
  answer(by = ''): void {
    this.#log.add({ by });
  }

  /** @param why there is no good answer */
  lose(why: string): void {
    this.#log.add({ lost: why });
  }

  /** Counts what a client was told instead of an answer. @returns whether nobody listens any more */
  fail(error: unknown): boolean {
    const { code, cause, message } = error as Error & { code?: string; cause?: unknown };
    if (cause !== undefined) return this.fail(cause);
    const isRefused = code === 'ECONNREFUSED' || message.includes('ECONNREFUSED');
    if (isRefused) this.refused++;
    else this.lose(`${code ?? ''} ${message}`.trim());
    return isRefused;
  }

  /**
   * Resolves when `count` more requests have been answered, by whomever or the replica `by`.
   *
   * @throws {Error} as soon as one is lost
   */
  async more(count: number, by?: string): Promise<void> {
    const isCounted = (outcome: Outcome) =>
      outcome.lost === undefined && (by === undefined || outcome.by === by);
    const before = this.#log.all.filter(isCounted).length;
    await Promise.race([
      this.#log.first(before + count, isCounted),
      this.#log
        .first(1, ({ lost }) => lost !== undefined)
        .then(([outcome]) => {
          throw new Error(`lost: ${outcome?.lost}`);
        }),
    ]);
  }
}
