import type { Signature, TensorMap } from '../../tensor/tensor.ts';

/** What a remote engine says of a model. */
export interface RemoteModel {
  readonly signature: Signature;
  /** What computes there, as it names it; empty where it does not say. */
  readonly platform: string;
  /** Most rows of one request; 0 where the model has no batch axis or the engine does not say. */
  readonly maxBatchSize: number;
  /** Whether requests depend on each other, so that none may be sent twice. */
  readonly stateful: boolean;
}

/** Limits of one request to a remote engine. */
export interface RemoteLimits {
  /** Time left for the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** W3C trace context of the request that it is for. */
  readonly traceparent?: string | undefined;
}

/** Talks to one address in one protocol. */
export interface RemoteClient {
  /**
   * Asks whether the model is ready there.
   *
   * @throws {RemoteFailure}
   */
  ready(limits: RemoteLimits): Promise<boolean>;
  /**
   * Asks for the model's inputs, outputs and batching.
   *
   * @throws {RemoteFailure}
   */
  describe(limits: RemoteLimits): Promise<RemoteModel>;
  /**
   * Runs one batch.
   *
   * @param outputs names of the wanted outputs
   * @returns what was answered, not held against the signature yet
   * @throws {RemoteFailure}
   */
  infer(inputs: TensorMap, outputs: readonly string[], limits: RemoteLimits): Promise<TensorMap>;
  /** Closes its connections; what is under way fails. */
  close(): void;
}

/**
 * Why a request failed:
 *
 * - `unsent`: nothing of it reached the engine (no connection)
 * - `busy`: the engine refused to begin with it (overloaded, shutting down, not ready)
 * - `lost`: the connection broke off; the engine may or may not have computed it
 * - `refused`: the engine says that the input is bad
 * - `missing`: the engine does not have the model
 * - `denied`: the engine does not accept the credentials
 * - `failed`: the engine failed on it, or its answer makes no sense
 * - `late`: time ran out
 * - `gone`: the caller has gone
 */
export type RemoteFailureKind =
  'unsent' | 'busy' | 'lost' | 'refused' | 'missing' | 'denied' | 'failed' | 'late' | 'gone';

/** A request to a remote engine that failed; the message is for operators. */
export class RemoteFailure extends Error {
  readonly kind: RemoteFailureKind;

  constructor(kind: RemoteFailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'RemoteFailure';
    this.kind = kind;
  }
}

/** What a remote engine said, cut to what fits into a log line. */
export function quote(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length > 300 ? `${plain.slice(0, 300)}…` : plain;
}
