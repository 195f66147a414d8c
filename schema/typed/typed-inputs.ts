import type { ModelInput, TensorInput } from '../../src/services/model-input.ts';
import type { InputColumn, ModelStatus } from '../../src/services/model-status.ts';
import { pleasantNames } from '../../src/tensor/generated-names.ts';
import type { TensorSpec } from '../../src/tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { defineLabelEnum } from './labels.ts';
import { fieldName, typeName, uniqueNames } from './names.ts';

/** Arguments of a model's field, and how they become the model's input. */
export interface TypedInput {
  /** Arguments by name, in the form that Pothos takes. */
  readonly args: Readonly<Record<string, ArgumentSpec>>;
  /** Reads the arguments. */
  toInput(args: Readonly<Record<string, unknown>>): ModelInput;
}

/** One argument: a scalar or a type defined before. */
export interface ArgumentSpec {
  readonly type: 'String' | 'Float' | 'Boolean' | object;
  readonly required: boolean;
  readonly description: string;
}

/** Names that every model's field has as an argument of its own. */
const COMMON_ARGUMENTS = new Set(['version', 'assignmentKey', 'options']);

/** Arguments for a model's kind of input; falls back to the untyped form where names collide. */
export function typedInput(
  builder: Builder,
  base: string,
  model: ModelStatus,
  tensorValue: () => object,
): TypedInput | null {
  switch (model.inputKind) {
    case 'text':
      return single('text', 'The text.');
    case 'image':
      return single('image', 'PNG, JPEG or WebP file as a data URL or base64.');
    case 'features':
      return featureArguments(builder, base, model.columns ?? []);
    case 'tensors':
      return tensorArguments(signatureInputs(model), tensorValue);
    case null:
      return null;
  }
}

function single(kind: 'text' | 'image', description: string): TypedInput {
  return {
    args: { [kind]: { type: 'String', required: true, description } },
    toInput: (args) => ({ [kind]: args[kind] as string }),
  };
}

function featureArguments(
  builder: Builder,
  base: string,
  columns: readonly InputColumn[],
): TypedInput | null {
  const names = argumentNames(columns.map(({ name }) => name));
  if (!names) return null;
  const specs = columns.map((column, i): readonly [string, ArgumentSpec] => {
    const about = column.description ?? `Column "${column.name}".`;
    const need = column.required ? '' : ' Optional.';
    const name = names[i] ?? column.name;
    return [
      name,
      {
        type: columnType(builder, base, column),
        required: column.required,
        description: about + need,
      },
    ];
  });
  return {
    args: Object.fromEntries(specs),
    toInput: (args) => ({
      features: Object.fromEntries(
        columns.flatMap(({ name }, i) => {
          const value = args[names[i] ?? name];
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    }),
  };
}

function columnType(builder: Builder, base: string, column: InputColumn): ArgumentSpec['type'] {
  switch (column.type) {
    case 'numeric':
      return 'Float';
    case 'boolean':
      return 'Boolean';
    case 'string':
      return 'String';
    case 'categorical': {
      const values = column.values ?? [];
      if (!column.closed || values.some((value) => typeof value !== 'string')) return 'String';
      const name = `${base}${typeName(column.name) ?? ''}`;
      const about = `Values of the column "${column.name}".`;
      return defineLabelEnum(builder, name, values, about) ?? 'String';
    }
  }
}

function tensorArguments(
  inputs: readonly TensorSpec[],
  tensorValue: () => object,
): TypedInput | null {
  const names = argumentNames(
    pleasantNames(
      inputs.map(({ name }) => name),
      'input',
    ),
  );
  if (!names || inputs.length === 0) return null;
  return {
    args: Object.fromEntries(
      inputs.map(({ name, datatype, shape }, i): [string, ArgumentSpec] => [
        names[i] ?? name,
        {
          type: tensorValue(),
          required: true,
          description: `Input "${name}": ${datatype} [${shape.map((size) => size ?? '?').join(', ')}].`,
        },
      ]),
    ),
    toInput: (args) => ({
      tensors: inputs.map(({ name, datatype }, i): TensorInput => {
        const { shape, data } = args[names[i] ?? name] as Pick<TensorInput, 'shape' | 'data'>;
        return { name, datatype, shape: [...shape], data };
      }),
    }),
  };
}

function argumentNames(names: readonly string[]): string[] | null {
  const unique = uniqueNames(names, fieldName);
  return unique?.some((name) => COMMON_ARGUMENTS.has(name)) ? null : unique;
}

function signatureInputs({ versions, servingVersion }: ModelStatus): readonly TensorSpec[] {
  const serving = versions.find(({ version }) => version === servingVersion);
  return serving?.signature?.inputs ?? [];
}
