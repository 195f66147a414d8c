/** Most values that six hexadecimal digits tell apart. */
export const SIX_DIGITS = 0x1_00_00_00;

const THREE = Array.from({ length: 0x1000 }, (_, value) => value.toString(16).padStart(3, '0'));

/** Six hexadecimal digits of a whole number from 0 to 16,777,215, by look-up. */
export function sixHexDigits(value: number): string {
  return (THREE[value >>> 12] ?? '') + (THREE[value & 0xfff] ?? '');
}
