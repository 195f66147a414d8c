import type { ServiceError } from '../../errors.ts';
import type { Transport } from '../../services/call.ts';
import type { CallCode } from './call-code.ts';
import type { Operation } from './operation.ts';
import type { ServerCall } from './server-call.ts';

/** How a call ended. */
export interface Outcome {
  /** HTTP status, or the closest to it on transports without one. */
  readonly status: number;
  /** The first error that the caller was told of. */
  readonly error: ServiceError | undefined;
  /** Its code, as the caller was told it. */
  readonly code: CallCode | undefined;
  /** Whether the caller left before the answer was complete. */
  readonly aborted: boolean;
  /** Time from the opening of the call to its end, in milliseconds. */
  readonly durationMs: number;
}

/**
 * A rule that surrounds calls, whatever transport brings them. Each hook is optional; the hooks of
 * all policies run in the order of the pipeline's list, `end` in the reverse order.
 */
export interface Policy {
  readonly name: string;
  /** Transports that it does not apply to, each with the reason. */
  readonly exempt?: Readonly<Partial<Record<Transport, string>>>;
  /**
   * Lets a call in, before anything of its body is read.
   *
   * @throws {ServiceError} to refuse it
   */
  admit?(call: ServerCall): void | Promise<void>;
  /**
   * The body of a call that awaited one is there, and nothing has been made of it.
   *
   * @throws {ServiceError} to refuse the call
   */
  received?(call: ServerCall): void;
  /**
   * Looks at what the call asks for, before it runs.
   *
   * @throws {ServiceError} to refuse it
   */
  operation?(call: ServerCall, operation: Operation): void | Promise<void>;
  /** The call has ended, after {@link admit} let it in (or while later policies refused it). */
  end?(call: ServerCall, outcome: Outcome): void;
}
