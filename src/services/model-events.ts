/** Kinds of things that happen to the versions of a model. */
export const MODEL_EVENT_KINDS = [
  'LOADED',
  'FAILED',
  'UNLOADED',
  'TRAFFIC_CHANGED',
  'ROLLED_BACK',
  'DRIFT',
] as const;

/** Kind of a {@link ModelEvent}. */
export type ModelEventKind = (typeof MODEL_EVENT_KINDS)[number];

/** Events that are remembered, and most of them in one answer. */
export const MAX_EVENTS = 1_000;

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

/** Takes what happens; the time is added there. */
export interface ModelEventSink {
  emit(event: Omit<ModelEvent, 'timestamp'>): void;
}
