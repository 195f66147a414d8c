import type { JSX } from 'preact';
import type { Json, Model, TensorInput } from '../api/types.ts';
import { formatSpec } from '../format.ts';
import { servingVersion } from '../models/model-header.tsx';
import { type Draft, type InputProps, notReady, ready } from './draft.ts';
import { JsonInput } from './json-input.tsx';

/** Largest tensor that is written out as zeros to start with. */
const MAX_ELEMENTS = 256;

/** Raw tensors as JSON, with what the model declares above. */
export function TensorsInput({ model, initial, onDraft }: InputProps): JSX.Element {
  const inputs = servingVersion(model)?.signature?.inputs ?? [];
  const start = initial?.tensors ?? zeros(model);
  return (
    <>
      <ul class="specs" aria-label="Inputs of the model">
        {inputs.map((input) => (
          <li key={input.name}>
            <code>{input.name}</code> {formatSpec(input)}
          </li>
        ))}
      </ul>
      <JsonInput
        id="input-tensors"
        label="Tensors (JSON)"
        initial={start as unknown as Json}
        toDraft={toDraft}
        onDraft={onDraft}
      />
    </>
  );
}

function toDraft(value: Json): Draft {
  if (!Array.isArray(value)) return notReady('Expected a list of tensors.');
  return ready({ tensors: value });
}

/** One row of zeros for each input of the signature. */
export function zeros(model: Model): readonly TensorInput[] {
  const inputs = servingVersion(model)?.signature?.inputs ?? [];
  return inputs.map(({ name, datatype, shape }) => {
    const sizes = shape.map((size) => size ?? 1);
    const elements = sizes.reduce((product, size) => product * size, 1);
    const zero = datatype === 'BYTES' ? '' : datatype === 'BOOL' ? false : 0;
    const data: Json[] = elements <= MAX_ELEMENTS ? new Array<Json>(elements).fill(zero) : [];
    return { name, datatype, shape: sizes, data };
  });
}
