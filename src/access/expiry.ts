const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const DURATION_FORM = /^([1-9]\d{0,6})([smhd])$/;

/** A date with a time and its zone, or a date alone, which begins at midnight UTC. */
const ISO_FORM = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** How an end is written, for messages. */
export const EXPIRY_EXAMPLES =
  '30s, 15m, 12h, 30d or an ISO 8601 time such as 2030-01-31T12:00:00Z';

/**
 * Reads when something ends: a while from `now` on, or a point in time.
 *
 * @returns `undefined` for what is neither, or not in the future
 */
export function parseExpiry(text: string, now: Date): Date | undefined {
  const [, amount, unit] = DURATION_FORM.exec(text) ?? [];
  const at =
    amount === undefined
      ? parseTime(text)
      : new Date(now.getTime() + Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  return at && at > now && at.getUTCFullYear() < 10_000 ? at : undefined;
}

/** Reads an ISO 8601 time; `undefined` for anything else, such as the 30th of February. */
export function parseTime(text: string): Date | undefined {
  if (!ISO_FORM.test(text)) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return undefined;
  // JavaScript makes the 1st of March out of the 30th of February.
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day ? time : undefined;
}
