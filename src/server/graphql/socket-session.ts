import type { Access } from '../../access/access.ts';
import { readPayloadCredential } from '../../access/credential.ts';
import { NOBODY, type Principal } from '../../services/principal.ts';

/** Where a socket comes from. */
export interface SocketSource {
  readonly peerAddress: string | undefined;
  header(name: string): string | undefined;
}

/** Options of {@link SocketSession}. */
export interface SocketSessionOptions {
  readonly access: Access;
  readonly source: SocketSource;
  /** Who the request named that became the socket; {@link NOBODY} where it named none. */
  readonly principal: Principal;
  /** Called when the credential has ended and no other has come. */
  readonly onEnd: () => void;
}

/** Whose a WebSocket is: from `connection_init` until its credential ends, or another one comes. */
export class SocketSession {
  principal: Principal = NOBODY;
  readonly #options: SocketSessionOptions;
  #stopWatching: (() => void) | undefined;

  constructor(options: SocketSessionOptions) {
    this.#options = options;
  }

  /**
   * Takes the payload of `connection_init`.
   *
   * @throws {ServiceError} what is wrong with its credential
   */
  async open(payload: unknown): Promise<void> {
    const { principal } = this.#options;
    const credential = readPayloadCredential(payload);
    const isNamed = principal !== NOBODY && credential === undefined;
    this.#take(isNamed ? principal : await this.#authenticate(credential));
  }

  /**
   * Takes the payload of a `ping`, which may bring another credential.
   *
   * @returns whether there was one
   * @throws {ServiceError} what is wrong with it
   */
  async renew(payload: unknown): Promise<boolean> {
    const credential = readPayloadCredential(payload);
    if (credential === undefined) return false;
    this.#take(await this.#authenticate(credential));
    return true;
  }

  /** Stops watching the credential. */
  close(): void {
    this.#stopWatching?.();
  }

  async #authenticate(credential: string | undefined): Promise<Principal> {
    const { access, source } = this.#options;
    return access.authenticator.authenticate(credential, access.addresses.of(source));
  }

  #take(principal: Principal): void {
    this.#stopWatching?.();
    this.principal = principal;
    this.#stopWatching = principal.onEnd?.(() => this.#options.onEnd());
  }
}
