import { createClient } from 'graphql-ws/client';
import { credential, isCredentialWanted, onCredential, wantCredential } from './credential.ts';
import { GRAPHQL_URL } from './graphql.ts';
import type { Operation } from './operations.ts';

/** State of the connection; `back` is `live` for a moment after a reconnect. */
export type LinkState = 'connecting' | 'live' | 'reconnecting' | 'back';

/** How long the page says that the connection is back. */
const BACK_MS = 4_000;

/** First and longest wait between two attempts to connect. */
const RETRY_MS = { first: 400, longest: 5_000 };

/** A silent server is taken for gone after this long without an answer to a ping. */
const PONG_MS = 5_000;

let state: LinkState = 'connecting';
let backTimer = 0;
let pongTimer = 0;
const listeners = new Set<(state: LinkState) => void>();

function become(next: LinkState): void {
  window.clearTimeout(backTimer);
  state = next;
  for (const listener of listeners) listener(state);
  if (next === 'back') backTimer = window.setTimeout(() => become('live'), BACK_MS);
}

/** What the server closes a socket with whose credential is missing, wrong, or has ended. */
const FORBIDDEN = 4403;

let socket: WebSocket | undefined;
let sent: string | undefined;

const client = createClient({
  url: () => {
    const url = new URL(GRAPHQL_URL);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  },
  retryAttempts: Infinity,
  connectionParams: () => {
    sent = credential();
    return sent === undefined ? undefined : { authorization: `Bearer ${sent}` };
  },
  shouldRetry: () => true,
  retryWait: async (retries) => {
    if (isCredentialWanted()) await credentialChange();
    const wait = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** retries);
    // Many pages must not all come back in the same moment.
    await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
  },
  keepAlive: 10_000,
  on: {
    opened: (opened) => {
      socket = opened as WebSocket;
    },
    connected: (_socket, _payload, wasRetry) => {
      if (wasRetry || state === 'reconnecting') become('back');
      // A server that is still starting refuses subscriptions: the page hangs up and comes again.
      else if (state !== 'back') become('live');
    },
    ping: (received) => {
      if (!received) pongTimer = window.setTimeout(() => socket?.close(4408, 'Timeout'), PONG_MS);
    },
    pong: (received) => {
      if (received) window.clearTimeout(pongTimer);
    },
    closed: (event) => {
      window.clearTimeout(pongTimer);
      if ((event as CloseEvent).code === FORBIDDEN) wantCredential(sent);
      // 1000: nothing is subscribed, so the client hung up itself.
      if ((event as CloseEvent).code !== 1000) become('reconnecting');
    },
  },
});

/** Resolves when the tab has another credential. */
function credentialChange(): Promise<void> {
  return new Promise((resolve) => {
    const stop = onCredential(() => {
      if (isCredentialWanted()) return;
      stop();
      resolve();
    });
  });
}

// What is subscribed goes on over a socket of the new credential.
onCredential(() => {
  if (!isCredentialWanted() && sent !== credential()) client.terminate();
});

/** The state of the connection at this moment. */
export function linkState(): LinkState {
  return state;
}

/**
 * Tells every change of the connection.
 *
 * @returns ends it
 */
export function onLinkState(listener: (state: LinkState) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Subscribes over the one WebSocket of the page; goes on by itself after the server was away.
 *
 * @param onError told once, with the code of its error, when the server refuses the subscription
 * @returns ends it
 */
export function subscribe<Result, Variables extends Readonly<Record<string, unknown>>>(
  operation: Operation<Result, Variables>,
  variables: Variables,
  onData: (data: Result) => void,
  onError: (code: string) => void,
): () => void {
  return client.subscribe<Result>(
    { query: operation.text, variables },
    {
      next: ({ data, errors }) => {
        if (data) onData(data);
        else onError(codeOf(errors?.[0]));
      },
      error: (thrown) => onError(Array.isArray(thrown) ? codeOf(thrown[0]) : 'ERROR'),
      complete: () => undefined,
    },
  );
}

function codeOf(error: unknown): string {
  const { extensions } = (error ?? {}) as { extensions?: { code?: string } };
  return extensions?.code ?? 'ERROR';
}
