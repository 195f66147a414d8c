import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Model, ModelInput } from '../api/types.ts';
import { Snippets } from '../snippets/snippets.tsx';
import { Icon } from '../ui/icons.tsx';
import { Answer } from './answer.tsx';
import { type Draft, type InputProps, notReady } from './draft.ts';
import { exampleText } from './example-text.ts';
import { FeaturesInput } from './features-input.tsx';
import { ImageInput } from './image-input.tsx';
import { TensorsInput } from './tensors-input.tsx';
import { TextInput } from './text-input.tsx';
import { usePrediction } from './use-prediction.ts';

/** Examples that are offered. */
const MAX_EXAMPLES = 6;

/** The form of one model, its answer, and the same call as code. */
export function TryPanel({ model }: { model: Model }): JSX.Element {
  const first = model.examples[0]?.input;
  // A drawing pad invites more than a picture that somebody else has drawn.
  const [initial, setInitial] = useState(first?.image ? undefined : first);
  const [round, setRound] = useState(0);
  const [draft, setDraft] = useState<Draft>(notReady(''));
  const [fresh, setFresh] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const prediction = usePrediction(model);
  // Forms submit right after they draft, before the state here is that of the draft.
  const latest = useRef(draft);
  const serves = model.servingVersion !== null;

  const onDraft = (next: Draft): void => {
    latest.current = next;
    setDraft(next);
    setProblem(null);
  };
  const submit = (): void => {
    if (!serves) return;
    setProblem(latest.current.problem);
    prediction.run(latest.current, fresh);
  };
  const tryExample = (input: ModelInput): void => {
    setInitial(input);
    setRound(round + 1);
    latest.current = { input, problem: null };
    submit();
  };

  const examples = model.examples.slice(0, MAX_EXAMPLES);
  return (
    <section class="card try" aria-label={`Try ${model.name}`}>
      <form
        class="try-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {serves ? (
          <InputForm
            key={round}
            model={model}
            initial={initial}
            onDraft={onDraft}
            onSubmit={submit}
          />
        ) : (
          <Unavailable model={model} />
        )}
        {serves && examples.length > 0 && (
          <div class="examples" role="group" aria-label="Examples">
            {examples.map((example, index) => (
              <button
                key={index}
                type="button"
                class="chip"
                onClick={() => tryExample(example.input)}
              >
                {exampleText(example, index)}
              </button>
            ))}
          </div>
        )}
        <div class="actions">
          <button
            type="submit"
            class="button button-primary"
            disabled={!serves}
            aria-busy={prediction.busy}
          >
            <Icon name="bolt" size={14} />
            Predict
          </button>
          <label class="check">
            <input
              type="checkbox"
              checked={fresh}
              onChange={(event) => setFresh(event.currentTarget.checked)}
            />
            Recompute
          </label>
          <p class="problem" role="alert">
            {problem}
          </p>
        </div>
      </form>
      <Answer {...prediction} unit={model.unit} />
      <Snippets
        model={model}
        input={draft.input ?? initial ?? first ?? null}
        file={draft.file?.name}
      />
    </section>
  );
}

function InputForm(props: InputProps): JSX.Element {
  switch (props.model.inputKind) {
    case 'TEXT':
      return <TextInput {...props} />;
    case 'IMAGE':
      return <ImageInput {...props} />;
    case 'FEATURES':
      return <FeaturesInput {...props} />;
    default:
      return <TensorsInput {...props} />;
  }
}

function Unavailable({ model }: { model: Model }): JSX.Element {
  const failed = model.state === 'FAILED';
  return (
    <div class="unavailable" data-failed={failed}>
      <Icon name={failed ? 'alert' : 'bolt'} size={20} />
      <div>
        <h2>{failed ? 'This model could not be loaded' : 'This model is being loaded'}</h2>
        <p>{model.reason ?? 'It can be tried in a moment.'}</p>
      </div>
    </div>
  );
}
