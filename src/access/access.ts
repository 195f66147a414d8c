import type { Config } from '../config.ts';
import { AccessFileError, type AccessFile } from './access-file.ts';
import { AccessFileWatcher } from './access-file-watcher.ts';
import type { OwnScopes } from './access-principal.ts';
import { Authenticator } from './authenticator.ts';
import { ClientAddresses, parseNetworks } from './client-address.ts';
import { KeySet } from './key-set.ts';
import { TokenVerifier, type JwtAlgorithm } from './token-verifier.ts';

/** Raised for settings that do not go together; the message says which. */
export class AccessConfigError extends Error {
  override readonly name = 'AccessConfigError';
}

/** Settings of {@link Access}. */
export type AccessConfig = Pick<
  Config,
  | 'auth'
  | 'accessFile'
  | 'jwtIssuer'
  | 'jwtJwksUrl'
  | 'jwtAudience'
  | 'jwtAlgorithms'
  | 'jwtClockSkewSeconds'
  | 'jwtScopesClaim'
  | 'jwtModelsClaim'
  | 'trustedProxies'
>;

/** What {@link Access} tells of. */
export interface AccessReports {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** Options of {@link Access}. */
export interface AccessOptions {
  readonly config: AccessConfig;
  readonly logger: AccessReports;
  readonly ownScopes: OwnScopes;
}

/** Who may come in: the keys of the access file, the tokens of an issuer, the addresses of clients. */
export class Access {
  readonly authenticator: Authenticator;
  readonly addresses: ClientAddresses;
  readonly #options: AccessOptions;
  readonly #keys: KeySet | undefined;
  readonly #watcher: AccessFileWatcher | undefined;
  #known: AccessFile | undefined;

  /** @throws {AccessConfigError} */
  constructor(options: AccessOptions) {
    this.#options = options;
    const { config, logger } = options;
    const proxies =
      config.trustedProxies === undefined ? undefined : parseNetworks(config.trustedProxies);
    if (config.trustedProxies !== undefined && !proxies) {
      throw new AccessConfigError(
        'TRUSTED_PROXIES must be addresses and CIDR networks such as 10.0.0.0/8,::1.',
      );
    }
    this.addresses = new ClientAddresses(proxies);
    const tokens = config.auth === 'off' ? undefined : this.#createTokens();
    this.#keys = tokens?.keys;
    this.authenticator = new Authenticator({
      mode: config.auth,
      tokens: tokens?.verifier,
      ownScopes: options.ownScopes,
      onClosed: () => logger.info({}, 'from now on requests want a credential'),
    });
    const { accessFile } = config;
    if (accessFile !== undefined && config.auth !== 'off') {
      this.#watcher = new AccessFileWatcher({
        file: accessFile,
        onChange: (file) => this.#take(file),
        onProblem: (reason) =>
          logger.warn({ reason }, 'the access file cannot be used; the last good one counts'),
      });
    }
  }

  /**
   * Reads the access file and the keys of the issuer. An issuer that cannot be reached does not
   * stop the start: its tokens are refused until it can.
   *
   * @throws {AccessConfigError} for an access file that cannot be parsed, and with `AUTH=required`
   *   where there is no key and no issuer
   */
  async start(): Promise<void> {
    const { config, logger } = this.#options;
    try {
      await Promise.all([this.#watcher?.start(), this.#keys?.start()]);
    } catch (error) {
      if (!(error instanceof AccessFileError)) throw error;
      throw new AccessConfigError(`ACCESS_FILE cannot be used: ${error.message}.`);
    }
    if (config.auth === 'required' && !this.#keys && this.authenticator.keyCount === 0) {
      throw new AccessConfigError(
        'AUTH=required wants a key (ml-inference-api keys create NAME, ACCESS_FILE) or JWT_ISSUER.',
      );
    }
    if (config.auth === 'off') {
      logger.warn({}, 'AUTH=off: everybody who reaches the port may do everything');
    } else if (!this.authenticator.isClosed) {
      logger.warn(
        {},
        'no key and no issuer is configured: everybody may predict and read; ' +
          'changes are taken from this machine only',
      );
    }
    if (this.#keys && config.jwtAudience === undefined) {
      logger.warn({}, 'without JWT_AUDIENCE tokens that were made for others are accepted too');
    }
  }

  /** Stops following the file and the issuer. */
  close(): void {
    this.#watcher?.close();
    this.#keys?.close();
  }

  #createTokens(): { keys: KeySet; verifier: TokenVerifier } | undefined {
    const { config, logger } = this.#options;
    const { jwtIssuer: issuer, jwtJwksUrl: jwksUrl } = config;
    if (issuer === undefined && jwksUrl === undefined) return undefined;
    const keys: KeySet = new KeySet({
      issuer,
      jwksUrl,
      onProblem: (reason) =>
        logger.warn({ reason }, 'the keys of the issuer cannot be fetched; the last ones count'),
      onRotation: () => {
        verifier.forget();
        logger.info({}, 'the issuer has other keys now');
      },
    });
    const verifier = new TokenVerifier({
      keys,
      issuer,
      audience: config.jwtAudience,
      algorithms: config.jwtAlgorithms.split(',') as JwtAlgorithm[],
      clockSkewSeconds: config.jwtClockSkewSeconds,
      scopesClaim: config.jwtScopesClaim,
      modelsClaim: config.jwtModelsClaim,
    });
    return { keys, verifier };
  }

  #take(file: AccessFile | undefined): void {
    const { logger } = this.#options;
    this.authenticator.setKeys(file);
    if (!file) logger.warn({}, 'there is no access file: nobody gets in until there is one');
    for (const { id, name, action } of changesBetween(this.#known, file)) {
      logger.info(
        { audit: true, principal: 'access file', action, key: id, name, model: null, result: 'OK' },
        'audit',
      );
    }
    this.#known = file ?? this.#known;
  }
}

/** What has happened to keys since the last look; nothing at the start. */
function* changesBetween(
  before: AccessFile | undefined,
  after: AccessFile | undefined,
): Iterable<{ id: string; name: string; action: string }> {
  if (!before) return;
  const old = new Map(before.keys.map((key) => [key.id, key]));
  for (const key of after?.keys ?? []) {
    const known = old.get(key.id);
    old.delete(key.id);
    if (!known) yield { id: key.id, name: key.name, action: 'keys.create' };
    else if (key.revoked && !known.revoked) {
      yield { id: key.id, name: key.name, action: 'keys.revoke' };
    } else if (JSON.stringify(key) !== JSON.stringify(known)) {
      yield { id: key.id, name: key.name, action: 'keys.change' };
    }
  }
  for (const { id, name } of old.values()) yield { id, name, action: 'keys.remove' };
}
