import { constant, FLOAT, graph, INT64, modelFile, node, valueInfo } from './onnx-writer.ts';

/**
 * An ONNX model that looks a number up: `number = table[place]`. The engine refuses places that the
 * table does not have.
 *
 * @param entries of the table
 */
export function tableModelFile(entries: number): Buffer {
  return modelFile(
    graph(
      'table',
      node('Gather', ['table', 'place'], ['number']),
      constant(
        'table',
        FLOAT,
        [entries],
        Array.from({ length: entries }, (_, at) => at / 2),
      ),
      valueInfo('input', 'place', INT64, ['batch', 1]),
      valueInfo('output', 'number', FLOAT, ['batch', 1]),
    ),
  );
}
