import { ConfigError } from '../config.ts';
import { ServiceError } from '../errors.ts';

/** A mistake of the caller that needs no more than its message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Says what went wrong in one line, and makes the process end with status 1. */
export function reportFailure(thrown: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${describe(thrown)}\n`);
}

function describe(thrown: unknown): string {
  if (thrown instanceof ServiceError) return `${thrown.code}: ${thrown.message}`;
  if (thrown instanceof UsageError || thrown instanceof ConfigError) return thrown.message;
  const { code, path, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOENT' && path !== undefined) return `There is no ${path}.`;
  return message;
}
