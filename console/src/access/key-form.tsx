import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { setCredential } from '../api/credential.ts';

/** Asks for a key. @param refused whether one was sent and not accepted */
export function KeyForm({ refused }: { refused: boolean }): JSX.Element {
  const [text, setText] = useState('');
  return (
    <form
      class="nothing key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') setCredential(text.trim());
      }}
    >
      <h1>This server asks for a key</h1>
      <label for="key">API key or token</label>
      <div class="key-row">
        <input
          id="key"
          class="field"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button button-primary">
          Use key
        </button>
      </div>
      <p class="problem" role="alert">
        {refused ? 'The server does not accept this key.' : ''}
      </p>
      <p>It is kept for this tab only, until the tab is closed.</p>
    </form>
  );
}
