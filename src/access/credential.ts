import { badInput, ServiceError } from '../errors.ts';
import { API_KEY_PREFIX } from './api-key.ts';

/** What a client shows: one text, an API key or a token. */
export type Credential = string;

/** Longest credential, in characters: tokens with many claims have a few thousand. */
const MAX_LENGTH = 8_192;

/** Names in a URL that say that a secret is there. */
const SECRET_PARAMETERS = new Set([
  'apikey',
  'xapikey',
  'key',
  'accesstoken',
  'token',
  'authorization',
  'bearer',
]);

/** What a request brings, by lower-case names. Repeated headers are told by their raw list. */
export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | string[] | undefined;
}

/**
 * Finds the credential of a request.
 *
 * @param rawHeaders names and values in turn, as Node gives them: it drops a second `Authorization`
 * @returns `undefined` where there is none
 * @throws {ServiceError} `BAD_USER_INPUT` for two of them, `UNAUTHENTICATED` for another form
 */
export function readCredential(
  headers: CredentialHeaders,
  rawHeaders: readonly string[] = [],
): Credential | undefined {
  const { authorization } = headers;
  const apiKey = headers['x-api-key'];
  if (authorization === undefined && apiKey === undefined) return undefined;
  if (countCredentials(rawHeaders) > 1 || (authorization !== undefined && apiKey !== undefined)) {
    throw twoCredentials();
  }
  if (authorization !== undefined) return readBearer(authorization);
  return checked(typeof apiKey === 'string' ? apiKey.trim() : '');
}

/**
 * Finds the credential in the payload of `connection_init` or `ping`: `{"authorization": "Bearer …"}`
 * or `{"apiKey": "…"}`.
 *
 * @returns `undefined` where there is none
 * @throws {ServiceError} `BAD_USER_INPUT` for two of them, `UNAUTHENTICATED` for another form
 */
export function readPayloadCredential(payload: unknown): Credential | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const found = Object.entries(payload as Record<string, unknown>).filter(([name]) =>
    ['authorization', 'apikey', 'x-api-key'].includes(name.toLowerCase()),
  );
  const [first] = found;
  if (!first) return undefined;
  if (found.length > 1) throw twoCredentials();
  const [name, value] = first;
  if (typeof value !== 'string') throw badForm();
  return name.toLowerCase() === 'authorization' ? readBearer(value) : checked(value.trim());
}

/**
 * Refuses keys in a URL, which ends up in logs, histories and referrers.
 *
 * @param search what stands behind the `?`
 * @throws {ServiceError} `BAD_USER_INPUT` with a hint
 */
export function refuseCredentialInUrl(search: string): void {
  if (search === '') return;
  if (search.includes(API_KEY_PREFIX)) throw inUrl();
  for (const part of search.split('&')) {
    const end = part.indexOf('=');
    const name = (end === -1 ? part : part.slice(0, end))
      .toLowerCase()
      .replace(/[-_]|%5f|%2d/g, '');
    if (SECRET_PARAMETERS.has(name)) throw inUrl();
  }
}

function readBearer(header: string): Credential {
  const [, token] = /^bearer +(\S+) *$/i.exec(header) ?? [];
  if (token === undefined) throw badForm();
  return checked(token);
}

function checked(credential: string): Credential {
  if (credential === '' || !/^[\x21-\x7e]+$/.test(credential)) throw badForm();
  if (credential.length > MAX_LENGTH) {
    throw new ServiceError(
      'UNAUTHENTICATED',
      `The credential is longer than ${MAX_LENGTH} characters.`,
    );
  }
  return credential;
}

function countCredentials(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // Most names are of another length: no text is made of them.
    if (name.length !== 13 && name.length !== 9) continue;
    const lower = name.toLowerCase();
    if (lower === 'authorization' || lower === 'x-api-key') count++;
  }
  return count;
}

function twoCredentials(): ServiceError {
  return badInput('Send one credential only: Authorization or X-API-Key, once.');
}

function badForm(): ServiceError {
  return new ServiceError(
    'UNAUTHENTICATED',
    'Send the credential as "Authorization: Bearer …" or as "X-API-Key: …".',
  );
}

function inUrl(): ServiceError {
  return badInput(
    'Credentials must not be sent in the URL, which is logged on its way; ' +
      'send the header "Authorization: Bearer …" or "X-API-Key: …".',
  );
}
