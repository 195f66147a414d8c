import type { ModelEvent, ModelEventSink } from '../services/model-events.ts';

/** Tells listeners of {@link ModelEvent}s. */
export class ModelEvents implements ModelEventSink {
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
