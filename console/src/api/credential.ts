/** Name under which the tab keeps the credential; GraphiQL and the documentation pages read it too. */
const KEPT_AS = 'ml-inference-api-key';

const listeners = new Set<() => void>();
let kept: string | undefined = read();
let wanted = false;

function read(): string | undefined {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? undefined;
  } catch {
    // Storage may be forbidden; the credential then lasts as long as the page.
    return undefined;
  }
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

/** The API key or token of this tab. */
export function credential(): string | undefined {
  return kept;
}

/** Whether the server has refused what the page sent, or that it sent nothing. */
export function isCredentialWanted(): boolean {
  return wanted;
}

/** Takes another credential for this tab, or none. It is never kept in a cookie. */
export function setCredential(next: string | undefined): void {
  kept = next;
  wanted = false;
  try {
    if (next === undefined) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, next);
  } catch {
    // See above.
  }
  tell();
}

/** The server wants a credential, or another one. @param used that it was sent */
export function wantCredential(used: string | undefined): void {
  // The answer to a request from before the last change says nothing about the new one.
  if (wanted || used !== kept) return;
  wanted = true;
  tell();
}

/**
 * Tells every change.
 *
 * @returns ends it
 */
export function onCredential(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
