/** Tells that a caller has gone: an `AbortSignal`, or what costs less and says the same. */
export interface CallerSignal {
  readonly aborted: boolean;
  /** Calls `listener` once when the caller goes; never where it has gone already. */
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
