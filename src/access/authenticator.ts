import { LRUCache } from 'lru-cache';
import { ServiceError } from '../errors.ts';
import type { AccessFile, AccessKey } from './access-file.ts';
import { AccessPrincipal, type OwnScopes } from './access-principal.ts';
import { API_KEY_PREFIX, hashApiKey, idOfApiKey, sameDigest } from './api-key.ts';
import { limitedAddress, type ClientAddress } from './client-address.ts';
import type { Credential } from './credential.ts';
import { FailedCredentials } from './failed-credentials.ts';
import { Grant, OPEN_SCOPES } from './grant.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

/** Whether credentials are wanted: as configured, always, or never. */
export const AUTH_MODES = ['auto', 'required', 'off'] as const;

/** Whether credentials are wanted. */
export type AuthMode = (typeof AUTH_MODES)[number];

/** Principals of one kind that are remembered; the longest silent is forgotten first. */
const MAX_PRINCIPALS = 20_000;

/** Options of {@link Authenticator}. */
export interface AuthenticatorOptions {
  readonly mode: AuthMode;
  /** Checks tokens; left out where no issuer is configured. */
  readonly tokens?: TokenVerifier | undefined;
  readonly ownScopes: OwnScopes;
  /** Told when the server begins to want credentials. */
  readonly onClosed?: () => void;
  /** Time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

interface KnownKey {
  readonly source: string;
  readonly digest: Buffer;
  readonly revoked: boolean;
  readonly principal: AccessPrincipal;
}

/** Compared with where the id is unknown, so that it takes the same time. */
const NO_DIGEST = Buffer.alloc(32);

/** Tells who makes a call, by the credential that came with it. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #failures = new FailedCredentials();
  readonly #now: () => number;
  #keys = new Map<string, KnownKey>();
  #closed: boolean;
  readonly #anonymous = new LRUCache<string, AccessPrincipal>({
    max: MAX_PRINCIPALS,
  });
  readonly #tokens = new WeakMap<VerifiedToken, AccessPrincipal>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#closed = options.mode === 'required' || options.tokens !== undefined;
  }

  /** Whether a credential is wanted. Once it is, it stays so until the process ends. */
  get isClosed(): boolean {
    return this.#closed && this.#options.mode !== 'off';
  }

  /** How many keys are known, revoked and expired ones too. */
  get keyCount(): number {
    return this.#keys.size;
  }

  /**
   * Takes what an access file says; `undefined` for one that is gone. Keys that are not in it any
   * more, or that have changed, end: their sockets and streams close.
   */
  setKeys(file: AccessFile | undefined): void {
    const keys = new Map<string, KnownKey>();
    for (const key of file?.keys ?? []) {
      const source = JSON.stringify(key);
      const known = this.#keys.get(key.id);
      keys.set(key.id, known?.source === source ? known : this.#toKnown(key, source));
    }
    const before = this.#keys;
    this.#keys = keys;
    for (const [id, known] of before) if (keys.get(id) !== known) known.principal.end();
    // A file that is named but gone keeps the server closed: a mistyped path must not open it.
    if (!this.#closed && (keys.size > 0 || file === undefined)) this.#close();
  }

  /**
   * Tells who calls; at once for API keys and for tokens that were good before.
   *
   * @throws {ServiceError} `UNAUTHENTICATED`, `RATE_LIMITED` after too many wrong ones, or
   *   `OVERLOADED` while tokens cannot be checked
   */
  authenticate(
    credential: Credential | undefined,
    client: ClientAddress,
  ): AccessPrincipal | Promise<AccessPrincipal> {
    if (!this.isClosed) return this.anonymous(client);
    if (credential === undefined) {
      throw new ServiceError(
        'UNAUTHENTICATED',
        'A credential is needed: send "Authorization: Bearer …" or "X-API-Key: …".',
      );
    }
    if (credential.startsWith(API_KEY_PREFIX)) return this.#byKey(credential, client);
    const { tokens } = this.#options;
    if (!tokens) throw this.#refuse(client, 'The API key is not valid.');
    return this.#byToken(tokens, credential, client);
  }

  #byKey(credential: string, client: ClientAddress): AccessPrincipal {
    const known = this.#keys.get(idOfApiKey(credential) ?? '');
    const isRight = sameDigest(hashApiKey(credential), known?.digest ?? NO_DIGEST);
    if (!known || !isRight) throw this.#refuse(client, 'The API key is not valid.');
    if (known.revoked) throw this.#refuse(client, 'The API key has been revoked.');
    if (known.principal.endsAt <= this.#now()) {
      throw this.#refuse(client, 'The API key has expired.');
    }
    return known.principal;
  }

  #byToken(
    tokens: TokenVerifier,
    credential: string,
    client: ClientAddress,
  ): AccessPrincipal | Promise<AccessPrincipal> {
    try {
      const verified = tokens.verify(credential);
      if (!(verified instanceof Promise)) return this.#ofToken(verified);
      return verified.then(
        (token) => this.#ofToken(token),
        (error: unknown) => {
          throw this.#counted(client, error);
        },
      );
    } catch (error) {
      throw this.#counted(client, error);
    }
  }

  #ofToken(token: VerifiedToken): AccessPrincipal {
    let principal = this.#tokens.get(token);
    if (!principal) {
      const { subject, grant, endsAt } = token;
      principal = new AccessPrincipal(
        { kind: 'token', id: `token:${subject}`, name: subject, grant, endsAt },
        this.#options.ownScopes,
      );
      this.#tokens.set(token, principal);
    }
    return principal;
  }

  /** Who calls an open server; those without a name are told apart by their address. */
  anonymous({ address, isLoopback }: ClientAddress): AccessPrincipal {
    const isAll = isLoopback || this.#options.mode === 'off';
    const id = `address:${limitedAddress(address)}${isLoopback ? ' (loopback)' : ''}`;
    let principal = this.#anonymous.get(id);
    if (!principal) {
      principal = new AccessPrincipal(
        {
          kind: 'anonymous',
          id,
          name: 'anonymous',
          owner: 'anonymous',
          grant: isAll ? Grant.ALL : Grant.of(OPEN_SCOPES),
        },
        this.#options.ownScopes,
      );
      this.#anonymous.set(id, principal);
    }
    return principal;
  }

  #toKnown(key: AccessKey, source: string): KnownKey {
    const { id, name, sha256, scopes, models, rate, weight, expires, revoked } = key;
    return {
      source,
      digest: Buffer.from(sha256, 'hex'),
      revoked: revoked !== undefined,
      principal: new AccessPrincipal(
        {
          kind: 'key',
          id,
          name,
          grant: Grant.of(scopes, models ?? null),
          rate,
          weight,
          ...(expires && { endsAt: expires.getTime() }),
        },
        this.#options.ownScopes,
      ),
    };
  }

  #close(): void {
    this.#closed = true;
    for (const principal of this.#anonymous.values()) principal.end();
    this.#anonymous.clear();
    this.#options.onClosed?.();
  }

  #counted(client: ClientAddress, error: unknown): unknown {
    const isWrong = error instanceof ServiceError && error.code === 'UNAUTHENTICATED';
    return isWrong ? this.#refuse(client, error.message) : error;
  }

  #refuse(client: ClientAddress, message: string): ServiceError {
    return this.#failures.refuse(client.address, message);
  }
}
