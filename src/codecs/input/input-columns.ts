import type { Manifest } from '../../repository/manifest.ts';
import type { Signature } from '../../tensor/tensor.ts';
import type { InputColumn } from '../../services/model-status.ts';

/**
 * The columns that a model of input kind `features` takes, for schemas and forms; `null` for other
 * kinds of input. Without columns in the manifest each input of the signature is one.
 */
export function inputColumns(
  { input }: Manifest,
  signature: Signature | null,
): readonly InputColumn[] | null {
  if (input.kind !== 'features') return null;
  if (!input.columns) {
    return (signature?.inputs ?? []).map(({ name, datatype }) => ({
      name,
      description: null,
      type: datatype === 'BYTES' ? 'string' : datatype === 'BOOL' ? 'boolean' : 'numeric',
      values: null,
      required: true,
    }));
  }
  return input.columns.map((column) => ({
    name: column.name,
    description: column.description ?? null,
    type: column.type,
    values: column.type === 'categorical' ? column.values : null,
    closed: column.type === 'categorical' && column.unknown === 'error',
    required: column.missing === 'error',
  }));
}
