import { internalCall } from '../../src/services/call.ts';

/** The call of a test that asks the services directly. */
export const TEST_CALL = internalCall('test');
