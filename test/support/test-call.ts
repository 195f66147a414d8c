import { type Call, internalCall } from '../../src/services/call.ts';
import { INTERNAL } from '../../src/services/principal.ts';

/** The call of a test that asks the services directly. */
export const TEST_CALL: Call = {
  ...internalCall('test'),
  // On an open server outcomes may be reported by whom the prediction was made for.
  principal: { ...INTERNAL, owner: 'anonymous' },
};
