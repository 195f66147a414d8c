import type { ServerResponse } from 'node:http';

/** A signal that is aborted when the client goes away before its answer is complete. */
export function abortSignalOf(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort();
  });
  return controller.signal;
}
