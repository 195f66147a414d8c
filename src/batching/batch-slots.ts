import { ServiceError } from '../errors.ts';
import { sliceRows, type TensorMap } from '../tensor/tensor.ts';
import type { EncodedInput } from '../codecs/codec.ts';
import type { QueuedEntry } from './queued-entry.ts';

/** What ends the use of a run that is under way, for those that can give it up. */
export interface RunLimits {
  /** Latest deadline of those that wait, in `performance.now()` terms. */
  readonly deadline: number;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** W3C trace context of the run, once its inputs have been made. */
  readonly traceparent: () => string | undefined;
}

/** What an entry gets back. */
export interface BatchedResult {
  /** Output tensors of this entry's rows. */
  readonly outputs: TensorMap;
  readonly queueMs: number;
  readonly inferenceMs: number;
  /** Share of the batch's time that its rows took, in milliseconds. */
  readonly computeMs: number;
}

/** The place of an entry in a batch. */
export interface BatchSlot {
  readonly entry: Entry;
  readonly input: EncodedInput;
  readonly at: number;
}

/** An entry of the queue. */
export type Entry = QueuedEntry<BatchedResult>;

/** Results by the places of a batch, as far as they have come. */
export type Results = (BatchedResult | Error)[];

/** Parts of at most `maxRows` rows, in order; an entry that has more is a part of its own. */
export function splitByRows(entries: readonly Entry[], maxRows: number): Entry[][] {
  const parts: Entry[][] = [];
  let rows = 0;
  for (const entry of entries) {
    rows += entry.runRows;
    const last = parts.at(-1);
    if (last && rows <= maxRows) last.push(entry);
    else {
      parts.push([entry]);
      rows = entry.runRows;
    }
  }
  return parts;
}

/** Ends a run when the last of those that wait for any of its inputs has gone. */
export function limitsOf(
  slots: readonly BatchSlot[],
  traceparent: () => string | undefined,
): RunLimits {
  const controller = new AbortController();
  const cancel = () => {
    if (slots.every(({ entry }) => entry.waiters.abandoned)) controller.abort();
  };
  for (const { entry } of slots) entry.waiters.slot = { cancel };
  const deadline = Math.max(...slots.map(({ entry }) => entry.waiters.deadline));
  return { deadline, signal: controller.signal, traceparent };
}

/** Takes out of the queue what somebody still waits for; the rest has its result now. */
export function takeWanted(
  slots: readonly Pick<BatchSlot, 'entry' | 'at'>[],
  results: Results,
): readonly BatchSlot[] {
  const now = performance.now();
  return slots.flatMap(({ entry, at }) => {
    const input = entry.take();
    const { waiters } = entry;
    if (input && !waiters.abandoned && waiters.deadline > now) {
      waiters.dispatched = true;
      return [{ entry, input, at }];
    }
    results[at] = input && !waiters.abandoned ? late() : gone();
    return [];
  });
}

/** Names of all outputs that one of the entries wants. */
export function unionOfOutputs(group: readonly BatchSlot[]): readonly string[] {
  const first = group[0]?.entry.outputs ?? [];
  if (group.every(({ entry }) => entry.outputs === first)) return first;
  return [...new Set(group.flatMap(({ entry }) => entry.outputs))];
}

/**
 * The rows of one entry, of every output of a batch.
 *
 * @param rows of the whole batch
 * @throws {ServiceError} `INFERENCE_FAILED` where an output has another number of rows
 */
export function sliceAll(outputs: TensorMap, from: number, to: number, rows: number): TensorMap {
  const sliced: Record<string, TensorMap[string]> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    if (tensor.shape[0] !== rows) {
      throw new ServiceError('INFERENCE_FAILED', 'The model gave fewer or more rows than it got.', {
        cause: new Error(`output "${name}" has shape [${tensor.shape.join()}] for ${rows} rows`),
      });
    }
    sliced[name] = sliceRows(tensor, from, to);
  }
  return sliced;
}

/** Nobody waits for the answer any more. */
export const gone = () =>
  new ServiceError('DEADLINE_EXCEEDED', 'The caller went away before the run.');

const late = () =>
  new ServiceError('DEADLINE_EXCEEDED', 'The deadline passed while the request was queued.', {
    retryAfterSeconds: 1,
  });
