import type { ExecutionResult } from 'graphql';
import { isLarge, jsonParts } from '../../json/json-writer.ts';
import type { ServerPlugin } from './yoga-context.ts';

const JSON_TYPE = 'application/json';
const EVENT_STREAM = 'text/event-stream';

/** Media types that a whole result is written in. */
const TYPES: ReadonlySet<string> = new Set([
  JSON_TYPE,
  'application/graphql-response+json',
  EVENT_STREAM,
]);

/** Text that is handed on at once, in characters. */
const CHUNK = 65_536;

/**
 * Writes large results piece by piece, as the client reads them. Yoga would make one text of each, in
 * one turn of the event loop.
 */
export function useWritingInTurns(): ServerPlugin {
  return {
    onResultProcess(event) {
      const { result, acceptableMediaTypes } = event;
      if (!isWhole(result) || result.extensions?.http !== undefined || !isLarge(result)) return;
      // What the client does not take is refused as ever.
      if (acceptableMediaTypes.length === 0) return;
      const type = acceptableMediaTypes.find((each) => TYPES.has(each)) ?? JSON_TYPE;
      event.setResultProcessor((_result, fetchAPI) => {
        const encode = (text: string) => new TextEncoder().encode(text);
        const parts = type === EVENT_STREAM ? eventParts(result) : jsonParts(result);
        const body = new fetchAPI.ReadableStream<Uint8Array>({
          // Called once for each piece that there is room for.
          async pull(controller) {
            await new Promise((resolve) => setImmediate(resolve));
            const text = take(parts);
            if (text === '') controller.close();
            else controller.enqueue(encode(text));
          },
        });
        const headers = {
          'Content-Type': type === EVENT_STREAM ? type : `${type}; charset=utf-8`,
        };
        return new fetchAPI.Response(body, { status: 200, headers });
      }, type);
    },
  };
}

function take(parts: Iterator<string, unknown>): string {
  let text = '';
  while (text.length < CHUNK) {
    const next = parts.next();
    if (next.done === true) break;
    text += next.value;
  }
  return text;
}

/** The events of a result that comes as a stream, in the manner of graphql-sse. */
function* eventParts(result: ExecutionResult): Generator<string, void> {
  yield 'event: next\ndata: ';
  yield* jsonParts(result);
  yield '\n\nevent: complete\ndata:\n\n';
}

function isWhole(result: unknown): result is ExecutionResult {
  return typeof result === 'object' && result !== null && 'data' in result;
}
