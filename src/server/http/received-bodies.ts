import { ServiceError } from '../../errors.ts';

/** What bodies that are being received may take together. */
export interface ReceivedBodiesLimits {
  /** Most at once. */
  readonly maxBodies: number;
  /** Most bytes of all together. */
  readonly maxBodiesBytes: number;
  /** Fewest bytes a second, on average; 0 for any rate. */
  readonly minBodyRate: number;
  /** Time before the rate counts, in milliseconds. */
  readonly bodyGraceMs: number;
}

/** Time between two looks at the rates, in milliseconds. */
const LOOK_MS = 1_000;

/** A body that is being received. */
export class Reception {
  /** Bytes that have come so far. */
  bytes = 0;
  readonly startedAt = performance.now();
  /** Told why it must give way. */
  readonly drop: (error: ServiceError) => void;
  /** Whether more of it is to come. */
  isOpen = true;
  older: Reception | undefined;
  newer: Reception | undefined;

  constructor(drop: (error: ServiceError) => void) {
    this.drop = drop;
  }
}

/**
 * All bodies (and messages of sockets) that are being received. They have bounds of their own, so
 * that those which never come take nothing from requests that are being answered. Where they are too
 * many the oldest gives way, where they are too large the largest: who sends a little is let through
 * whatever others do.
 */
export class ReceivedBodies {
  readonly #limits: ReceivedBodiesLimits;
  #oldest: Reception | undefined;
  #newest: Reception | undefined;
  #count = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: ReceivedBodiesLimits) {
    this.#limits = limits;
  }

  /** How many are being received. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of all of them that have come so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * A body begins to come.
   *
   * @param drop called where it must give way: with `OVERLOADED`, or `REQUEST_TIMEOUT` where it comes
   *   too slowly
   */
  begin(drop: (error: ServiceError) => void): Reception {
    const { maxBodies } = this.#limits;
    if (this.#count >= maxBodies && this.#oldest) {
      this.#drop(this.#oldest, overloaded('number', 'MAX_BODIES', { maxBodies }));
    }
    const place = new Reception(drop);
    place.older = this.#newest;
    if (this.#newest) this.#newest.newer = place;
    else this.#oldest = place;
    this.#newest = place;
    this.#count++;
    this.#watch();
    return place;
  }

  /**
   * Bytes of a body have come.
   *
   * @returns whether they may be kept; else the body has been dropped
   */
  grow(place: Reception, bytes: number): boolean {
    if (!place.isOpen) return false;
    const { maxBodiesBytes } = this.#limits;
    place.bytes += bytes;
    this.#bytes += bytes;
    while (this.#bytes > maxBodiesBytes) {
      const largest = this.#largest();
      if (!largest) break;
      this.#drop(largest, overloaded('size', 'MAX_BODIES_BYTES', { maxBodiesBytes }));
    }
    return place.isOpen;
  }

  /** A body is there, or comes no more. Calling it again does nothing. */
  end(place: Reception): void {
    if (!place.isOpen) return;
    place.isOpen = false;
    const { older, newer } = place;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    // What has left the list points at nobody.
    place.older = undefined;
    place.newer = undefined;
    this.#count--;
    this.#bytes -= place.bytes;
  }

  #drop(place: Reception, error: ServiceError): void {
    this.end(place);
    place.drop(error);
  }

  /** The largest; of equal ones the oldest. */
  #largest(): Reception | undefined {
    let largest = this.#oldest;
    for (let place = largest; place; place = place.newer) {
      if (largest && place.bytes > largest.bytes) largest = place;
    }
    return largest;
  }

  #watch(): void {
    if (this.#timer || this.#limits.minBodyRate === 0) return;
    this.#timer = setInterval(() => this.#dropSlow(), LOOK_MS).unref();
  }

  #dropSlow(): void {
    if (!this.#oldest) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const { minBodyRate, bodyGraceMs } = this.#limits;
    const now = performance.now();
    let next: Reception | undefined;
    for (let place: Reception | undefined = this.#oldest; place; place = next) {
      next = place.newer;
      const tookMs = now - place.startedAt;
      // All that follow are newer.
      if (tookMs <= bodyGraceMs) break;
      if (place.bytes < (minBodyRate * tookMs) / 1_000) this.#drop(place, tooSlow(minBodyRate));
    }
  }
}

function overloaded(
  what: string,
  limit: string,
  details: Readonly<Record<string, number>>,
): ServiceError {
  return new ServiceError(
    'OVERLOADED',
    `The server receives bodies up to its limit of ${what}; try again soon.`,
    { retryAfterSeconds: 1, details, limit },
  );
}

function tooSlow(minBodyRate: number): ServiceError {
  return new ServiceError(
    'REQUEST_TIMEOUT',
    `The body came too slowly; at least ${minBodyRate} bytes a second are expected.`,
    { details: { minBodyRate }, limit: 'MIN_BODY_RATE' },
  );
}
