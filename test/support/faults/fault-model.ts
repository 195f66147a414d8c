import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  BOOL,
  constant,
  FLOAT,
  graph,
  INT64,
  modelFile,
  node,
  STRING,
  valueInfo,
} from './onnx-writer.ts';

/** Iterations of `cost` that no worker ends in the life of a test. */
export const FOREVER = 1e15;

/** What the fault model does with one row. */
export interface FaultRow {
  /** The answer `y` is twice this. */
  readonly x: number;
  /** Loop iterations inside ONNX Runtime, about a microsecond each. @default 0 */
  readonly cost?: number;
  /** Kilobytes of text that the answer carries through the worker's heap. @default 0 */
  readonly junk?: number;
}

/**
 * An ONNX model that misbehaves on demand, by real means: `y = 2·x`, after as many turns of a Loop
 * as the largest `cost` of the batch (a slow run, or one that never ends), with an output of `junk`
 * kilobytes of strings a row (a heap that overflows).
 */
export function faultModelFile(): Buffer {
  const body = graph(
    'body',
    node('Identity', ['going'], ['still_going']),
    node('Add', ['v', 'step'], ['v_next']),
    constant('step', FLOAT, [], [1]),
    valueInfo('input', 'turn', INT64, []),
    valueInfo('input', 'going', BOOL, []),
    valueInfo('input', 'v', FLOAT, []),
    valueInfo('output', 'still_going', BOOL, []),
    valueInfo('output', 'v_next', FLOAT, []),
  );
  const toInt64 = [{ name: 'to', value: INT64 }];
  const toScalar = [{ name: 'keepdims', value: 0 }];
  const slow = [
    node('ReduceMax', ['cost'], ['most_cost'], toScalar),
    node('Cast', ['most_cost'], ['turns'], toInt64),
    node('Loop', ['turns', 'yes', 'zero'], ['spent'], [{ name: 'body', value: { graph: body } }]),
    node('Mul', ['spent', 'zero'], ['nothing']),
    node('Mul', ['x', 'two'], ['doubled']),
    node('Add', ['doubled', 'nothing'], ['y']),
    constant('yes', BOOL, [], [1]),
    constant('zero', FLOAT, [], [0]),
    constant('two', FLOAT, [], [2]),
  ];
  const large = [
    node('ReduceMax', ['junk'], ['most_junk'], toScalar),
    node('Cast', ['most_junk'], ['kilobytes'], toInt64),
    node('Add', ['kilobytes', 'one'], ['columns']),
    node('Shape', ['x'], ['shape']),
    node('Slice', ['shape', 'from', 'one'], ['rows']),
    node('Concat', ['rows', 'columns'], ['wide'], [{ name: 'axis', value: 0 }]),
    node('Expand', ['kilobyte', 'wide'], ['text']),
    constant('one', INT64, [1], [1]),
    constant('from', INT64, [1], [0]),
    constant('kilobyte', STRING, [1, 1], ['x'.repeat(1024)]),
  ];
  return modelFile(
    graph(
      'faults',
      ...slow,
      ...large,
      valueInfo('input', 'x', FLOAT, ['rows', 1]),
      valueInfo('input', 'cost', FLOAT, ['rows', 1]),
      valueInfo('input', 'junk', FLOAT, ['rows', 1]),
      valueInfo('output', 'y', FLOAT, ['rows', 1]),
      valueInfo('output', 'text', STRING, ['rows', 'columns']),
    ),
  );
}

/** Writes the fault model as `<models>/<name>/1/model.onnx`. @returns the path of the file */
export async function writeFaultModel(
  models: string,
  name: string,
  { manifest = '' }: { readonly manifest?: string } = {},
): Promise<string> {
  const folder = path.join(models, name, '1');
  await mkdir(folder, { recursive: true });
  // Its text is as wide as the widest of a batch: it is no model that the server would batch itself.
  const batching = /^batching:/m.test(manifest) ? '' : 'batching: true\n';
  const yaml = `runtime: onnx\n${batching}${manifest}`;
  await writeFile(path.join(models, name, 'model.yaml'), yaml);
  const file = path.join(folder, 'model.onnx');
  await writeFile(file, faultModelFile());
  return file;
}

/** The tensors of one request: one or more rows. */
export function faultTensors(...rows: readonly FaultRow[]) {
  const column = (name: string, read: (row: FaultRow) => number) => ({
    name,
    datatype: 'FP32' as const,
    shape: [rows.length, 1],
    data: rows.map(read),
  });
  return [
    column('x', ({ x }) => x),
    column('cost', ({ cost }) => cost ?? 0),
    column('junk', ({ junk }) => junk ?? 0),
  ];
}
