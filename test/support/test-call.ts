import { type Call, internalCall } from '../../src/services/call.ts';
import { ANONYMOUS } from '../../src/services/principal.ts';

/** The call of a test that asks the services directly. */
export const TEST_CALL: Call = {
  ...internalCall('test'),
  // As anybody on an open server: outcomes may be reported by whom the prediction was made for.
  principal: { ...ANONYMOUS, owner: 'anonymous' },
};
