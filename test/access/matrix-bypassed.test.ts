import { expect, test, vi } from 'vitest';
import { runMatrix } from '../support/access/matrix.ts';

// The policy is left out on purpose: everybody may do what the server itself may. The name is
// another one, since the matrix counts no calls of the server's own.
vi.mock('../../src/server/call/policies/authenticate.ts', async () => {
  const { INTERNAL } = await import('../../src/services/principal.ts');
  const anybody = Object.create(INTERNAL, { name: { value: 'bypassed' } }) as typeof INTERNAL;
  return {
    authenticate: () => ({
      name: 'bypassed',
      admit(call: { principal: unknown }) {
        call.principal = anybody;
      },
    }),
  };
});

test('the matrix notices a policy that is left out', { timeout: 120_000 }, async () => {
  const { violations, doors } = await runMatrix();
  expect(violations.length).toBeGreaterThan(doors.length);
});
