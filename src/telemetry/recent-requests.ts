import {
  type RecentRequest,
  type RecentRequestQuery,
  REQUEST_KINDS,
  type RequestKind,
} from '../services/recent-request.ts';

/** Options of {@link RecentRequests}. */
export interface RecentRequestsOptions {
  /** Requests that are kept of each kind; 0 keeps none. */
  readonly capacity: number;
  /** Requests that took at least this long are slow, in milliseconds. */
  readonly slowMs: number;
  /** Whether the first input is kept with each of them. */
  readonly withInputs: boolean;
  /** Tells the time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Older ones are not told any more, in milliseconds. */
const MAX_AGE_MS = 15 * 60_000;

const DEFAULT_LIMIT = 100;

/**
 * The failed, refused and slow requests of the last 15 minutes, the newest of each kind: a flood of
 * refused ones pushes no failure out.
 */
export class RecentRequests {
  readonly slowMs: number;
  readonly withInputs: boolean;
  /** Whether any are kept. */
  readonly isOn: boolean;
  readonly #capacity: number;
  readonly #now: () => number;
  readonly #kept: Readonly<Record<RequestKind, { entries: RecentRequest[]; next: number }>>;

  constructor({ capacity, slowMs, withInputs, now = Date.now }: RecentRequestsOptions) {
    this.slowMs = slowMs;
    this.withInputs = withInputs;
    this.isOn = capacity > 0;
    this.#capacity = capacity;
    this.#now = now;
    const ring = () => ({ entries: [], next: 0 });
    this.#kept = { FAILED: ring(), REFUSED: ring(), SLOW: ring() };
  }

  /** Keeps a request that has ended; the oldest of its kind makes room. */
  keep(request: Omit<RecentRequest, 'timestamp'>): void {
    if (!this.isOn) return;
    const ring = this.#kept[request.kind];
    ring.entries[ring.next] = { ...request, timestamp: this.#now() };
    ring.next = (ring.next + 1) % this.#capacity;
  }

  /** The newest first. @param isSeen which of them exist for who asks; left out: all */
  list(
    { model, kind, limit = DEFAULT_LIMIT }: RecentRequestQuery = {},
    isSeen: (request: RecentRequest) => boolean = () => true,
  ): readonly RecentRequest[] {
    const oldest = this.#now() - MAX_AGE_MS;
    return REQUEST_KINDS.filter((each) => kind === undefined || each === kind)
      .flatMap((each) => this.#kept[each].entries)
      .filter(
        (request) =>
          request.timestamp >= oldest &&
          (model === undefined || request.models.includes(model)) &&
          isSeen(request),
      )
      .sort((a, b) => b.timestamp - a.timestamp)
      .slice(0, limit);
  }
}
