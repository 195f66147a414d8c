/** Settings of a server that stops at once: nobody sends it anything more. */
export const NO_DRAIN = { DRAIN_DELAY_MS: '0', DRAIN_QUIET_MS: '0' } as const;
