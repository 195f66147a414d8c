import type { Transport } from './call.ts';

/**
 * Why a request is kept: the server failed on it, it was refused (bad input, a limit, a missing
 * permission), or it took long.
 */
export const REQUEST_KINDS = ['FAILED', 'REFUSED', 'SLOW'] as const;

/** Why a request is kept. */
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Most requests in one answer. */
export const MAX_RECENT_REQUESTS = 1_000;

/** A failed, refused or slow request of the last minutes. */
export interface RecentRequest {
  /** The id that is also in the log and in the header `X-Request-Id`. */
  readonly id: string;
  /** When it ended, in milliseconds since 1970. */
  readonly timestamp: number;
  readonly kind: RequestKind;
  readonly transport: Transport;
  /** HTTP method, or what comes closest. */
  readonly method: string;
  /** Path without the query string, or the name of the remote procedure. */
  readonly path: string;
  /** Name that the client gave the operation, or its kind; `null` where it could not be read. */
  readonly operation: string | null;
  /** Models that it asked for predictions of; empty where it got as far as none. */
  readonly models: readonly string[];
  /** Predictions that it asked for. */
  readonly rows: number;
  /** HTTP status, or the closest to it. */
  readonly status: number;
  /** Code of its first error; `null` where it only took long. */
  readonly code: string | null;
  /** What went wrong; of bad input, which may be quoted, only the kind unless inputs are kept. */
  readonly message: string | null;
  /** Whether the client left before the answer was complete. */
  readonly aborted: boolean;
  /** In milliseconds. */
  readonly durationMs: number;
  /** 32 hexadecimal digits; `null` where neither the server nor the client traces it. */
  readonly traceId: string | null;
  /** Id of who asked; `null` for those who may not know (it takes `access:admin`). */
  readonly caller: string | null;
  /** The first input, shortened; `null` unless `RECENT_REQUEST_INPUTS` is on. */
  readonly input: string | null;
}

/** Which requests are wanted. */
export interface RecentRequestQuery {
  /** Only those that asked for this model. @default all */
  readonly model?: string | undefined;
  /** @default all kinds */
  readonly kind?: RequestKind | undefined;
  /** Most requests in the answer, 1 to {@link MAX_RECENT_REQUESTS}. @default 100 */
  readonly limit?: number | undefined;
}
