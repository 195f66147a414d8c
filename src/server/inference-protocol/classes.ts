import { readNumbers } from '../../codecs/output/numbers.ts';
import { badInput } from '../../errors.ts';
import type { NamedTensor } from '../../services/prediction.ts';

/** How the classes of a tensor are named and divided. */
export interface ClassOptions {
  readonly labels: readonly string[] | null;
  /** Whether the first axis counts rows; else the whole tensor is one row. */
  readonly hasRows: boolean;
}

/**
 * The best classes of each row, as the classification extension answers them: BYTES
 * `value:index[:label]`, the largest value first.
 *
 * @param count most classes of a row
 * @throws {ServiceError} `BAD_USER_INPUT` for tensors that hold no numbers
 */
export function toClasses(
  output: NamedTensor,
  count: number,
  { labels, hasRows }: ClassOptions,
): NamedTensor {
  const { name, shape, datatype } = output;
  if (datatype === 'BYTES' || datatype === 'BOOL') {
    throw badInput(`Output "${name}" is ${datatype}; classification needs numbers.`);
  }
  const values = readNumbers(output);
  const rows = hasRows && shape.length > 1 ? (shape[0] ?? 1) : 1;
  const width = rows === 0 ? 0 : values.length / rows;
  const most = Math.min(count, width);
  const data: string[] = [];
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const order = Array.from({ length: width }, (_, i) => i).sort(
      (a, b) => (values[from + b] ?? 0) - (values[from + a] ?? 0),
    );
    for (const at of order.slice(0, most)) {
      const label = labels?.length === width ? labels[at] : undefined;
      const value = (values[from + at] ?? 0).toFixed(6);
      data.push(label === undefined ? `${value}:${at}` : `${value}:${at}:${label}`);
    }
  }
  return { name, datatype: 'BYTES', shape: hasRows ? [rows, most] : [most], data };
}
