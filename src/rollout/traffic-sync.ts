import { z } from 'zod';
import type { TrafficChange } from './traffic-control.ts';

/** Where replicas keep the traffic that was set, and tell each other. No method may reject. */
export interface TrafficStore {
  /** Starts to tell of changes, and of times in which some may have been missed. */
  listen(listener: { onRecord(model: string, record: string): void; onGap(): void }): void;
  /** All records by model; `undefined` when they cannot be had. */
  readAll(): Promise<ReadonlyMap<string, string> | undefined>;
  /** Keeps a record and tells the others. */
  write(model: string, record: string): Promise<void>;
  close(): void;
}

/** The part of a model's traffic control that is needed here. */
export interface SyncedTraffic {
  /** Names the manifest's traffic that a change is set over. */
  readonly base: string;
  adopt(change: TrafficChange): void;
}

/** Options of {@link TrafficSync}. */
export interface TrafficSyncOptions {
  readonly store: TrafficStore;
  /** The traffic of a model; `undefined` where it is not served here. */
  readonly trafficOf: (model: string) => SyncedTraffic | undefined;
  /** Time between two looks at what is stored, in case a message was lost. @default 10000 */
  readonly lookEveryMs?: number;
}

const share = z.object({ version: z.string(), percent: z.number().min(0).max(100) });

const recordSchema = z.object({
  /** When it was set, in milliseconds since 1970; later than any that was known then. */
  at: z.number(),
  /** The manifest's traffic that it was set over: with another one it says nothing. */
  base: z.string(),
  traffic: z.object({ split: z.array(share).readonly(), shadow: share.nullable() }).nullable(),
  kind: z.enum(['TRAFFIC_CHANGED', 'ROLLED_BACK']),
  version: z.string().nullable(),
  message: z.string(),
});

type TrafficRecord = z.infer<typeof recordSchema>;

/**
 * Keeps the traffic of all replicas the same. The latest change of a model wins; one that was made
 * while the store was down is told when it is back.
 */
export class TrafficSync {
  readonly #options: TrafficSyncOptions;
  readonly #records = new Map<string, TrafficRecord>();
  readonly #timer: NodeJS.Timeout;
  #onFirstLook: (() => void) | undefined;

  constructor(options: TrafficSyncOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), options.lookEveryMs ?? 10_000).unref();
  }

  /**
   * Starts to listen, and resolves when what is stored has been taken, or at the latest after
   * `timeoutMs` milliseconds: without the store each replica goes its own way.
   */
  async start(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const looked = new Promise<void>((resolve) => {
      this.#onFirstLook = resolve;
      timer = setTimeout(resolve, timeoutMs);
    });
    this.#options.store.listen({
      onRecord: (model, text) => this.#take(model, parseRecord(text)),
      onGap: () => void this.#look(),
    });
    await looked;
    clearTimeout(timer);
  }

  /** Tells the others of a change that was made here. */
  publish(model: string, change: TrafficChange): void {
    const traffic = this.#options.trafficOf(model);
    if (!traffic) return;
    const known = this.#records.get(model)?.at ?? 0;
    // Later than what it replaces even where the clocks of the replicas differ.
    const record = { at: Math.max(Date.now(), known + 1), base: traffic.base, ...change };
    this.#records.set(model, record);
    void this.#options.store.write(model, JSON.stringify(record));
  }

  /** Takes what is known of models that have come, or have another manifest. */
  refresh(): void {
    for (const [model, record] of this.#records) this.#apply(model, record);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#options.store.close();
  }

  async #look(): Promise<void> {
    const stored = await this.#options.store.readAll();
    if (!stored) return;
    for (const [model, text] of stored) this.#take(model, parseRecord(text));
    for (const [model, record] of this.#records) {
      const text = JSON.stringify(record);
      const theirs = parseRecord(stored.get(model));
      if (!theirs || isLater(record, theirs)) void this.#options.store.write(model, text);
    }
    this.#onFirstLook?.();
  }

  #take(model: string, record: TrafficRecord | undefined): void {
    const known = this.#records.get(model);
    if (!record || (known && !isLater(record, known))) return;
    this.#records.set(model, record);
    this.#apply(model, record);
  }

  #apply(model: string, record: TrafficRecord): void {
    const traffic = this.#options.trafficOf(model);
    if (traffic?.base === record.base) traffic.adopt(record);
  }
}

/** Of two changes at the same time, all replicas prefer the same one. */
function isLater(a: TrafficRecord, b: TrafficRecord): boolean {
  if (a.at !== b.at) return a.at > b.at;
  return JSON.stringify(a) > JSON.stringify(b);
}

function parseRecord(text: string | undefined): TrafficRecord | undefined {
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    // Of another version of the server, or not ours.
    return undefined;
  }
}
