import { useEffect, useState } from 'preact/hooks';
import { credential, isCredentialWanted, onCredential } from '../api/credential.ts';

/** The credential of the tab, and whether the server wants another one. */
export interface CredentialState {
  readonly value: string | undefined;
  readonly isWanted: boolean;
}

const now = (): CredentialState => ({ value: credential(), isWanted: isCredentialWanted() });

/** Follows the credential of the tab. */
export function useCredential(): CredentialState {
  const [state, setState] = useState(now);
  useEffect(() => onCredential(() => setState(now())), []);
  return state;
}
