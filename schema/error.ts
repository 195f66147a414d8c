import { type ErrorCode, ERRORS } from '../src/errors.ts';
import type { Builder } from './builder.ts';

/** Defines the codes of errors. */
export function defineErrors(builder: Builder) {
  const errorCode = builder.enumType('ErrorCode', {
    description: 'Error codes, the same as in `extensions.code` and in REST.',
    values: Object.fromEntries(
      Object.entries(ERRORS).map(([code, { summary }]) => [
        code,
        { description: summary, value: code },
      ]),
    ) as Record<ErrorCode, { description: string; value: ErrorCode }>,
  });
  return { errorCode };
}

/** References to the error types. */
export type ErrorRefs = ReturnType<typeof defineErrors>;
