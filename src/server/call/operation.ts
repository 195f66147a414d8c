/** What a call asks for, once its API has read it. */
export interface Operation {
  /** Kind of operation: a REST operation id, or `query`, `mutation`, `subscription`. */
  readonly kind: string;
  /** Name that the client gave it, cut to 100 characters. */
  readonly name?: string | undefined;
  /** Predictions (rows) that it asks for at most, as far as that is known before it runs. */
  readonly rows?: number | undefined;
}
