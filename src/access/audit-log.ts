import type { Call } from '../services/call.ts';

/** What was done, or tried. */
export interface AuditEntry {
  readonly call: Call;
  /** Service and method, such as `admin.loadModel`. */
  readonly action: string;
  readonly model: string | undefined;
}

/** Writes to the log of the server. */
export interface AuditWriter {
  info(facts: object, message: string): void;
}

/** Keeps who changed what, from where, when and with which result: lines with `audit: true`. */
export class AuditLog {
  readonly #logger: AuditWriter;

  constructor(logger: AuditWriter) {
    this.#logger = logger;
  }

  /** @param result `OK`, or the code of the error */
  write({ call, action, model }: AuditEntry, result: string): void {
    const { id, principal, clientAddress, transport } = call;
    this.#logger.info(
      {
        audit: true,
        requestId: id,
        principal: principal.name,
        principalId: principal.id,
        action,
        model: model ?? null,
        address: clientAddress ?? null,
        transport,
        result,
      },
      'audit',
    );
  }
}
