/** How much a principal may use in a while: rows, or milliseconds of measured compute. */
export interface Rate {
  readonly unit: 'rows' | 'compute';
  /** Rows, or milliseconds of compute, in each window. */
  readonly quota: number;
  /** Length of the window in seconds. */
  readonly windowSeconds: number;
}

const SECONDS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;

const RATE_FORM = /^([1-9]\d{0,11})(ms)?\/(second|minute|hour|day)$/;

/** How a rate is written, for messages. */
export const RATE_EXAMPLES =
  'a number of rows such as 600/minute or of milliseconds of compute such as 600ms/minute, ' +
  'per second, minute, hour or day';

/** Reads `600/minute` or `600ms/minute`; `undefined` for anything else. */
export function parseRate(text: string): Rate | undefined {
  const [, quota, milliseconds, window] = RATE_FORM.exec(text.trim()) ?? [];
  if (quota === undefined || window === undefined) return undefined;
  return {
    unit: milliseconds === undefined ? 'rows' : 'compute',
    quota: Number(quota),
    windowSeconds: SECONDS[window as keyof typeof SECONDS],
  };
}

/** Writes a rate as {@link parseRate} reads it. */
export function formatRate({ unit, quota, windowSeconds }: Rate): string {
  const [window = 'second'] =
    Object.entries(SECONDS).find(([, seconds]) => seconds === windowSeconds) ?? [];
  return `${quota}${unit === 'compute' ? 'ms' : ''}/${window}`;
}
