import { hash } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { LRUCache } from 'lru-cache';
import { ServiceError } from '../errors.ts';
import { Grant, SCOPE_FORM } from './grant.ts';
import { type KeySet, KeysUnavailableError } from './key-set.ts';

/** Signature algorithms that may be allowed: none with a shared secret, and never `none`. */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** A signature algorithm. */
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** Tokens whose signature need not be checked again. */
const MAX_VERIFIED = 20_000;

/** Options of {@link TokenVerifier}. */
export interface TokenVerifierOptions {
  readonly keys: KeySet;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly algorithms: readonly JwtAlgorithm[];
  /** How far the clocks may differ, in seconds. */
  readonly clockSkewSeconds: number;
  /** Claim that holds the scopes, separated by spaces or as an array. */
  readonly scopesClaim: string;
  /** Claim that holds the names of models; without it all are meant. */
  readonly modelsClaim: string;
  /** Time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** What a good token says. */
export interface VerifiedToken {
  /** `sub`, else `client_id` or `azp`. */
  readonly subject: string;
  readonly grant: Grant;
  /** End of its life with the allowed skew, in milliseconds since 1970. */
  readonly endsAt: number;
}

/** Checks JSON Web Tokens by the keys of a provider; each signature once. */
export class TokenVerifier {
  readonly #options: TokenVerifierOptions;
  readonly #verified = new LRUCache<string, VerifiedToken>({ max: MAX_VERIFIED });
  readonly #now: () => number;

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Forgets all tokens that were good: the keys that signed them may be gone. */
  forget(): void {
    this.#verified.clear();
  }

  /**
   * Answers at once for a token that was good before.
   *
   * @throws {ServiceError} `UNAUTHENTICATED` with the reason; `OVERLOADED` while the keys of the
   *   provider cannot be had
   */
  verify(token: string): VerifiedToken | Promise<VerifiedToken> {
    // The digest, so that no memory dump holds a list of tokens.
    const key = hash('sha256', token, 'base64');
    const verified = this.#verified.get(key);
    if (!verified) return this.#check(token, key);
    if (verified.endsAt > this.#now()) return verified;
    this.#verified.delete(key);
    throw wrong('The token has expired.');
  }

  async #check(token: string, key: string): Promise<VerifiedToken> {
    const { keys, issuer, audience, algorithms, clockSkewSeconds } = this.#options;
    const options: JWTVerifyOptions = {
      algorithms: [...algorithms],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(this.#now()),
      requiredClaims: ['exp'],
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    };
    try {
      const { payload } = await jwtVerify(token, keys.find, options);
      const verified = this.#read(payload);
      this.#verified.set(key, verified);
      return verified;
    } catch (error) {
      throw toServiceError(error);
    }
  }

  #read(payload: JWTPayload): VerifiedToken {
    const { clockSkewSeconds, scopesClaim, modelsClaim } = this.#options;
    const { exp = 0, iat } = payload;
    const now = this.#now() / 1000;
    if (iat !== undefined && iat > now + clockSkewSeconds) {
      throw wrong('The token was issued in the future.');
    }
    const subject = [payload.sub, payload.client_id, payload.azp].find(
      (value): value is string => typeof value === 'string' && value !== '',
    );
    if (subject === undefined) throw wrong('The token names nobody (sub).');
    const scopes = readScopes(claimOf(payload, scopesClaim));
    const models = readModels(claimOf(payload, modelsClaim), modelsClaim);
    return {
      subject: subject.slice(0, 256),
      grant: Grant.of(scopes, models),
      endsAt: (exp + clockSkewSeconds) * 1000,
    };
  }
}

/** A claim by its name, or by a path such as `resource_access.mlapi.roles`. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function readScopes(claim: unknown): readonly string[] {
  const scopes: readonly unknown[] =
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return scopes.filter(
    (scope): scope is string => typeof scope === 'string' && SCOPE_FORM.test(scope),
  );
}

/** What is there and is no list of names must not be read as "all". */
function readModels(claim: unknown, name: string): readonly string[] | null {
  if (claim === undefined) return null;
  const isList = Array.isArray(claim) && claim.every((model) => typeof model === 'string');
  if (!isList) throw wrong(`The claim ${name} of the token is not an array of names.`);
  return claim;
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof KeysUnavailableError) {
    return new ServiceError('OVERLOADED', 'Tokens cannot be checked right now; try again soon.', {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  if (error instanceof errors.JWTExpired) return wrong('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim } = error;
    if (claim === 'nbf') return wrong('The token is not valid yet.');
    if (error.reason === 'missing') return wrong(`The token lacks the claim ${claim}.`);
    return wrong(`The token is not meant for this server (${claim}).`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return wrong('The token is signed with an algorithm that is not allowed.');
  }
  return wrong('The token is not valid.');
}

function wrong(message: string): ServiceError {
  return new ServiceError('UNAUTHENTICATED', message);
}
