import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { linkState, onLinkState, type LinkState } from '../api/live.ts';

const TEXTS: Readonly<Record<LinkState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  back: 'Back online',
};

/** The state of the live connection, as it changes. */
export function useLinkState(): LinkState {
  const [state, setState] = useState(linkState);
  useEffect(() => onLinkState(setState), []);
  return state;
}

/** Says whether the page is connected. */
export function StatusPill(): JSX.Element {
  const state = useLinkState();
  return (
    <span class={`pill pill-${state}`} role="status" data-state={state}>
      <span class="pill-dot" />
      {TEXTS[state]}
    </span>
  );
}
