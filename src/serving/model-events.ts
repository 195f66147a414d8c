import { MAX_EVENTS, type ModelEvent, type ModelEventSink } from '../services/model-events.ts';

/** Tells listeners of {@link ModelEvent}s, and keeps the last thousand. */
export class ModelEvents implements ModelEventSink {
  readonly #kept: ModelEvent[] = [];
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

  /** What has happened since the start, the newest first; only what is among the last thousand. */
  recent(): readonly ModelEvent[] {
    return this.#kept.toReversed();
  }

  emit(event: Omit<ModelEvent, 'timestamp'>): void {
    const stamped = { ...event, timestamp: Date.now() };
    this.#kept.push(stamped);
    if (this.#kept.length > MAX_EVENTS) this.#kept.shift();
    for (const listener of this.#listeners) listener(stamped);
  }
}
