import { expect, test, vi } from 'vitest';
import { runMatrix } from '../support/access/matrix.ts';

// The policy is left out on purpose: everybody is taken for the server itself.
vi.mock('../../src/server/call/policies/authenticate.ts', async () => {
  const { INTERNAL } = await import('../../src/services/principal.ts');
  return {
    authenticate: () => ({
      name: 'bypassed',
      admit(call: { principal: unknown }) {
        call.principal = INTERNAL;
      },
    }),
  };
});

test('the matrix notices a policy that is left out', { timeout: 400_000 }, async () => {
  const { violations, doors } = await runMatrix();
  expect(violations.length).toBeGreaterThan(doors.length);
});
