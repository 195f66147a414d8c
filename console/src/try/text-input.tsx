import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { type InputProps, notReady, ready } from './draft.ts';

/** A text box. */
export function TextInput({ initial, onDraft, onSubmit }: InputProps): JSX.Element {
  const [text, setText] = useState(initial?.text ?? '');
  useEffect(() => onDraft(text === '' ? notReady('Write a text.') : ready({ text })), [text]);
  return (
    <div class="field field-grow">
      <label for="input-text">Text</label>
      <textarea
        id="input-text"
        class="control"
        rows={4}
        value={text}
        placeholder="Write something to classify …"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          onSubmit();
        }}
      />
    </div>
  );
}
