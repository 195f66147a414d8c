import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Json } from '../api/types.ts';
import { type Draft, notReady } from './draft.ts';

/** A box for JSON, checked while it is written. */
export function JsonInput({
  id,
  label,
  initial,
  toDraft,
  onDraft,
}: {
  id: string;
  label: string;
  initial: Json;
  /** Makes an input of the value; throws an error that says what is wrong. */
  toDraft: (value: Json) => Draft;
  onDraft: (draft: Draft) => void;
}): JSX.Element {
  const [text, setText] = useState(() => formatJson(initial));
  const draft = read(text, toDraft);
  useEffect(() => onDraft(draft), [text]);
  return (
    <div class="field field-grow">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="control mono"
        rows={8}
        spellcheck={false}
        value={text}
        aria-invalid={draft.problem !== null}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}

function read(text: string, toDraft: (value: Json) => Draft): Draft {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return notReady(`Not valid JSON: ${error instanceof Error ? error.message : 'syntax error'}`);
  }
  return toDraft(value);
}

/** JSON with indented objects, and arrays of numbers on one line. */
export function formatJson(value: Json): string {
  return JSON.stringify(value, null, 2).replace(/\[[\s\d.,eE+-]+\]/g, (numbers) =>
    numbers.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
}
