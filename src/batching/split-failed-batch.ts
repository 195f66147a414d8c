import { type ErrorCode, ServiceError } from '../errors.ts';
import { WorkerLostError } from '../runtimes/model-worker.ts';

/** What one entry may be at fault for; an engine on another machine also refuses bad input. */
const SPLIT_CODES: ReadonlySet<ErrorCode> = new Set(['INFERENCE_FAILED', 'BAD_USER_INPUT']);

/**
 * The parts that a failed batch is tried again in; `undefined` where there is nothing to try.
 *
 * A worker that is lost costs the load of a model, so the entry at fault is found with few of them:
 * about √n parts, then single entries. One bad entry of any batch costs at most three workers. An
 * entry that was alone has one more try, for it may have been bad luck. A run that fails is cheap:
 * the batch is halved.
 *
 * @param suspect whether a worker was lost with these entries before
 */
export function splitFailedBatch<Entry>(
  group: readonly Entry[],
  error: Error,
  suspect: boolean,
): (readonly Entry[])[] | undefined {
  const { length } = group;
  if (error instanceof WorkerLostError) {
    if (length === 1) return suspect ? undefined : [group];
    const size = suspect || length <= 4 ? 1 : Math.ceil(Math.sqrt(length));
    return Array.from({ length: Math.ceil(length / size) }, (_, i) =>
      group.slice(i * size, (i + 1) * size),
    );
  }
  if (error instanceof ServiceError && !SPLIT_CODES.has(error.code)) return undefined;
  if (length === 1) return undefined;
  return [group.slice(0, length >> 1), group.slice(length >> 1)];
}
