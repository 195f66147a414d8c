/** Kinds of things that happen to the versions of a model. */
export const MODEL_EVENT_KINDS = [
  'LOADED',
  'FAILED',
  'UNLOADED',
  'TRAFFIC_CHANGED',
  'ROLLED_BACK',
] as const;

/** Kind of a {@link ModelEvent}. */
export type ModelEventKind = (typeof MODEL_EVENT_KINDS)[number];

/** Something that happened to a model or one of its versions. */
export interface ModelEvent {
  readonly kind: ModelEventKind;
  readonly model: string;
  /** `null` where the whole model is meant. */
  readonly version: string | null;
  /** In words: why it failed or was rolled back, what the traffic is now. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Tells listeners of {@link ModelEvent}s. */
export class ModelEvents {
  readonly #listeners = new Set<(event: ModelEvent) => void>();

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** @returns ends the subscription */
  subscribe(listener: (event: ModelEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: Omit<ModelEvent, 'timestamp'>): void {
    const stamped = { ...event, timestamp: Date.now() };
    for (const listener of this.#listeners) listener(stamped);
  }
}
