import { withoutVolatile } from './volatile-fields.ts';

/** A GraphQL request as JSON has it. */
export interface GraphQLRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What a server has answered. */
export interface Outcome {
  /** HTTP status; `undefined` over WebSocket. */
  readonly status: number | undefined;
  readonly json: string;
}

interface AnsweredError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

/** Most errors that the server lists, and most characters of each. */
const CUT = { errors: 10, message: 500 } as const;

/**
 * An answer as text that is the same for answers that say the same. The order of keys counts, as it
 * does for the specification; that of the errors of fields does not: they come as they happen.
 */
export function toComparable({ json }: Outcome): string {
  const { errors = [], ...rest } = withoutVolatile(json) as {
    readonly errors?: readonly AnsweredError[];
    readonly data?: unknown;
  };
  const listed = errors
    .slice(0, CUT.errors)
    .map((error) => ({ ...error, message: messageOf(error).slice(0, CUT.message) }));
  const sorted =
    'data' in rest
      ? listed.map((error) => JSON.stringify(error)).sort()
      : listed.map((error) => JSON.stringify(error));
  return JSON.stringify(
    { ...rest, errors: sorted.map((text) => JSON.parse(text) as unknown) },
    null,
    1,
  );
}

/** Yoga says the same of every operation that cannot be told; this server says which, and why. */
function messageOf({ message, extensions }: AnsweredError): string {
  return extensions?.code === 'OPERATION_RESOLUTION_FAILURE' ? '' : message;
}
