import { z } from 'zod';
import { SCOPES } from '../../services/principal.ts';
import { section } from './section.ts';

/** Who may use the model. */
export const accessSection = section({
  /** Scope that callers need besides those of the server. @default none */
  scope: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9:._/-]{0,99}$/, 'expected the name of a scope, such as medical')
    .refine(
      (scope) => !(SCOPES as readonly string[]).includes(scope),
      'expected a name of your own, not a scope of the server',
    )
    .optional(),
});

/** What the model costs. */
export const costSection = section({
  /** Compute time of one row in milliseconds, for QUERY_COST until it is measured. */
  msPerRow: z.number().min(0.001).max(1_000_000).optional(),
});
