import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Model, ModelInput } from '../api/types.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { type Language, LANGUAGES, writeSnippet } from './write-snippet.ts';

/** The call that the form makes, as code to take away. */
export function Snippets({
  model,
  input,
  file,
}: {
  model: Model;
  input: ModelInput | null;
  /** Name of the file that the image was read from. */
  file: string | undefined;
}): JSX.Element {
  const [language, setLanguage] = useState<Language>();
  const origin = new URL('.', document.baseURI).href.replace(/\/$/, '');
  const code = (wanted: Language): string =>
    writeSnippet(wanted, { origin, model: model.name, input: input ?? {}, file });
  return (
    <div class="snippets">
      <div class="snippets-bar">
        <span class="snippets-title">Same call as</span>
        <Segmented
          label="Language of the code"
          value={language}
          // The pressed one closes the code again.
          onChange={(next) => setLanguage(next === language ? undefined : next)}
          options={LANGUAGES.map((name) => ({ value: name, text: name }))}
        />
        <CopyButton
          text={code(language ?? 'curl')}
          label={`Copy the call as ${language ?? 'curl'}`}
        />
      </div>
      {language && (
        // A box that scrolls must be reachable by keyboard.

        <pre tabIndex={0} role="region" aria-label={`The call as ${language}`}>
          <code>{code(language)}</code>
        </pre>
      )}
    </div>
  );
}
