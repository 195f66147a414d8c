import { createLocalJWKSet, errors, type JSONWebKeySet, type LocalJWKSet } from 'jose';

/** Time between two refreshes while all is well, in milliseconds. */
const REFRESH_MS = 5 * 60_000;

/** Least time between two fetches because of a key id that is not known, in milliseconds. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;

/** Time for which the last good keys are used while the provider cannot be reached. */
const MAX_AGE_MS = 24 * 3_600_000;

/** Time that one fetch may take, in milliseconds. */
const FETCH_TIMEOUT_MS = 5_000;

/** Time after which a failed fetch is tried again, in milliseconds. */
const RETRY_MS = 5_000;

/** Largest document of a provider, in bytes. */
const MAX_BYTES = 1024 * 1024;

/** Raised where the keys of the provider cannot be had. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** Options of {@link KeySet}. */
export interface KeySetOptions {
  /** Issuer whose discovery document names the key set. */
  readonly issuer?: string | undefined;
  /** Where the key set is; asked for without discovery. */
  readonly jwksUrl?: string | undefined;
  /** Told of what cannot be fetched, once until it can. */
  readonly onProblem?: (reason: string) => void;
  /** Told whenever keys have come that differ from those before. */
  readonly onRotation?: () => void;
  /** A clock in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** What the set holds now. */
interface Held {
  readonly find: LocalJWKSet;
  readonly text: string;
  readonly fetchedAt: number;
}

/**
 * The public keys of an identity provider: fetched, kept, and fetched again when they are old or
 * when a token names one that is not known. While the provider is away the last good ones count.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  readonly #now: () => number;
  #held: Held | undefined;
  #jwksUrl: string | undefined;
  #fetching: Promise<void> | undefined;
  #lastTry = -Infinity;
  #lastUnknownKey = -Infinity;
  #failed = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: KeySetOptions) {
    this.#options = options;
    this.#jwksUrl = options.jwksUrl;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Fetches the keys for the first time and keeps them fresh; never rejects. */
  async start(): Promise<void> {
    await this.#refresh();
  }

  /** Stops fetching. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** The key that a token was signed with, as jose asks for it. */
  readonly find: LocalJWKSet = Object.assign(
    async (...[header, token]: Parameters<LocalJWKSet>) => {
      if (!this.#held) {
        if (this.#now() - this.#lastTry >= RETRY_MS || this.#fetching) await this.#refresh();
      }
      const held = this.#current();
      if (this.#now() - held.fetchedAt > MAX_AGE_MS) {
        throw new KeysUnavailableError('the keys are too old');
      }
      try {
        return await held.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (this.#fetching) await this.#fetching;
        else if (this.#now() - this.#lastUnknownKey < UNKNOWN_KEY_COOLDOWN_MS) throw error;
        else {
          this.#lastUnknownKey = this.#now();
          await this.#refresh();
        }
        return this.#current().find(header, token);
      }
    },
    { jwks: () => this.#held?.find.jwks() ?? { keys: [] } },
  );

  #current(): Held {
    if (this.#held) return this.#held;
    throw new KeysUnavailableError('no keys have been fetched yet');
  }

  /** All that ask at once wait for the same fetch. */
  #refresh(): Promise<void> {
    return (this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined)));
  }

  async #fetch(): Promise<void> {
    this.#lastTry = this.#now();
    clearTimeout(this.#timer);
    try {
      this.#jwksUrl ??= await this.#discover();
      const text = await fetchText(this.#jwksUrl);
      if (text !== this.#held?.text) {
        const find = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
        const isRotation = this.#held !== undefined;
        this.#held = { find, text, fetchedAt: this.#now() };
        if (isRotation) this.#options.onRotation?.();
      } else this.#held = { ...this.#held, fetchedAt: this.#now() };
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#options.onProblem?.(reasonOf(error));
      this.#failed = true;
    }
    if (this.#closed) return;
    const wait = this.#failed ? RETRY_MS : REFRESH_MS;
    this.#timer = setTimeout(() => void this.#refresh(), wait).unref();
  }

  /** OpenID Connect Discovery 1.0, section 4. */
  async #discover(): Promise<string> {
    const { issuer = '' } = this.#options;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = JSON.parse(await fetchText(url)) as { issuer?: unknown; jwks_uri?: unknown };
    // A document of another issuer would make its tokens ours.
    if (found.issuer !== issuer) throw new Error('the discovery document is of another issuer');
    if (typeof found.jwks_uri !== 'string' || !URL.canParse(found.jwks_uri)) {
      throw new Error('the discovery document names no jwks_uri');
    }
    return found.jwks_uri;
  }
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the provider answered ${response.status}`);
  }
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) throw new Error('the answer of the provider is too large');
  }
  return text + decoder.decode();
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  if (error instanceof SyntaxError) return 'the answer of the provider is not JSON';
  return code === undefined ? error.message : `the provider cannot be reached (${code})`;
}
