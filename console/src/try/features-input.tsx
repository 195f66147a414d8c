import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Column, Json, Model } from '../api/types.ts';
import { type Draft, type InputProps, notReady, ready } from './draft.ts';
import { JsonInput } from './json-input.tsx';

/** A form with one field for each column; JSON where the columns are not known. */
export function FeaturesInput({ model, initial, onDraft }: InputProps): JSX.Element {
  const columns = columnsOf(model);
  const [values, setValues] = useState<Readonly<Record<string, Json>>>(
    () => initial?.features ?? firstValues(columns),
  );
  useEffect(() => {
    if (columns.length > 0) onDraft(toDraft(columns, values));
  }, [values]);
  if (columns.length === 0) {
    return (
      <JsonInput
        id="input-features"
        label="Columns (JSON)"
        initial={{}}
        toDraft={(value) =>
          typeof value === 'object' && value !== null && !Array.isArray(value)
            ? ready({ features: value as Record<string, Json> })
            : notReady('Expected an object of values by name.')
        }
        onDraft={onDraft}
      />
    );
  }
  return (
    <div class="columns">
      {columns.map((column) => (
        <ColumnField
          key={column.name}
          column={column}
          value={values[column.name] ?? null}
          onChange={(value) => setValues((last) => ({ ...last, [column.name]: value }))}
        />
      ))}
    </div>
  );
}

interface ColumnFieldProps {
  readonly column: Column;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
}

function ColumnField({ column, value, onChange }: ColumnFieldProps): JSX.Element {
  const id = `column-${column.name}`;
  return (
    <div class="field">
      <label for={id} title={column.description ?? undefined}>
        {column.name.replaceAll('_', ' ')}
        {!column.required && <span class="optional">optional</span>}
      </label>
      <ColumnControl id={id} column={column} value={value} onChange={onChange} />
    </div>
  );
}

function ColumnControl({
  id,
  column,
  value,
  onChange,
}: ColumnFieldProps & { readonly id: string }): JSX.Element {
  const choices = column.type === 'BOOLEAN' ? [true, false] : column.values;
  if (choices) {
    return (
      <select
        id={id}
        class="control"
        value={JSON.stringify(value)}
        onChange={(event) => onChange(JSON.parse(event.currentTarget.value) as Json)}
      >
        {!column.required && <option value="null">–</option>}
        {choices.map((choice) => (
          <option key={JSON.stringify(choice)} value={JSON.stringify(choice)}>
            {choiceText(choice)}
          </option>
        ))}
      </select>
    );
  }
  if (column.type === 'NUMERIC') {
    return (
      <input
        id={id}
        class="control"
        type="number"
        step="any"
        value={typeof value === 'number' ? value : ''}
        onInput={({ currentTarget }) => {
          onChange(currentTarget.value === '' ? null : currentTarget.valueAsNumber);
        }}
      />
    );
  }
  return (
    <input
      id={id}
      class="control"
      type="text"
      list={undefined}
      value={typeof value === 'string' ? value : ''}
      onInput={({ currentTarget }) => onChange(currentTarget.value || null)}
    />
  );
}

function choiceText(choice: Json): string {
  if (typeof choice === 'boolean') return choice ? 'yes' : 'no';
  return typeof choice === 'string' ? choice : JSON.stringify(choice);
}

function toDraft(columns: readonly Column[], values: Readonly<Record<string, Json>>): Draft {
  const missing = columns.filter(
    ({ name, required }) => required && (values[name] ?? null) === null,
  );
  const [first] = missing;
  if (first) return notReady(`Fill in ${first.name.replaceAll('_', ' ')}.`);
  return ready({
    features: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)),
  });
}

/** The columns as the model tells them, else as its first example shows them. */
function columnsOf(model: Model): readonly Column[] {
  if (model.columns) return model.columns;
  const example = model.examples.find(({ input }) => input.features)?.input.features ?? {};
  return Object.entries(example).map(([name, value]) => ({
    name,
    type: typeof value === 'number' ? 'NUMERIC' : typeof value === 'boolean' ? 'BOOLEAN' : 'STRING',
    description: null,
    required: true,
    values: null,
  }));
}

function firstValues(columns: readonly Column[]): Record<string, Json> {
  return Object.fromEntries(
    columns
      .filter(({ required }) => required)
      .map(({ name, type, values }) => [name, values?.[0] ?? (type === 'BOOLEAN' ? false : null)]),
  );
}
