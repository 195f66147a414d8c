import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { API_KEY_PREFIX, redactSecrets } from '../redact-secrets.ts';

export { API_KEY_PREFIX, redactSecrets };

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;

/** 62^43 is the least power of 62 over 2^256. */
const SECRET_LENGTH = 43;

const KEY_FORM = new RegExp(
  `^${API_KEY_PREFIX}([0-9A-Za-z]{${ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})$`,
);

/** Form of the id of a key. */
export const API_KEY_ID_FORM = new RegExp(`^[0-9A-Za-z]{${ID_LENGTH}}$`);

/** A new key, as it is shown once. */
export interface NewApiKey {
  /** Public name of the key, part of it. */
  readonly id: string;
  /** The key itself. */
  readonly key: string;
  /** What is stored: SHA-256 of the key, in hexadecimal digits. */
  readonly sha256: string;
}

/** Makes a key of 256 random bits: `mlapi_<id>_<secret>`. */
export function createApiKey(): NewApiKey {
  const id = toDigits(randomBytes(9), ID_LENGTH).slice(-ID_LENGTH);
  const key = `${API_KEY_PREFIX}${id}_${toDigits(randomBytes(32), SECRET_LENGTH)}`;
  return { id, key, sha256: hashApiKey(key).toString('hex') };
}

/** The id in a key; `undefined` for what is no key of this server. */
export function idOfApiKey(key: string): string | undefined {
  return KEY_FORM.exec(key)?.[1];
}

/** SHA-256 of a key. A key has 256 random bits: nothing slower would make guessing it harder. */
export function hashApiKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/** Compares two digests of 32 bytes in constant time. */
export function sameDigest(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Writes bytes as a number of base 62, padded with zeros. */
function toDigits(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  while (text.length < length || rest > 0n) {
    text = (DIGITS[Number(rest % 62n)] ?? '') + text;
    rest /= 62n;
  }
  return text;
}
