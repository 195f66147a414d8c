import type { ExecutionResult } from 'graphql';
import { isLarge, jsonParts } from '../../json/json-writer.ts';
import type { ServerPlugin } from './yoga-context.ts';

const JSON_TYPE = 'application/json';
const EVENT_STREAM = 'text/event-stream';

/** Media types of a result that is one JSON text. Of those that a client takes alike the first is meant. */
const JSON_TYPES = [JSON_TYPE, 'application/graphql-response+json'];

/** Text that is handed on at once, in characters. */
const CHUNK = 65_536;

/**
 * Writes large results piece by piece, as the client reads them. Yoga would make one text of each, in
 * one turn of the event loop.
 */
export function useWritingInTurns(): ServerPlugin {
  return {
    onResultProcess(event) {
      const { request, result } = event;
      if (!isWhole(result) || result.extensions?.http !== undefined || !isLarge(result)) return;
      const type = mediaTypeFor(request.headers.get('accept') ?? '*/*');
      // What the client does not take is refused as ever.
      if (type === undefined) return;
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

/**
 * The media type that Yoga would choose for a result, of those that are written here: by the order of
 * the header and its wildcards, not by weights, as REST does. Yoga tells plugins only what it tried.
 */
function mediaTypeFor(accept: string): string | undefined {
  const ranges = accept
    .toLowerCase()
    .replace(/\s/g, '')
    .split(',')
    .filter((range) => !/;charset=(?!utf-8(;|$))/.test(range))
    .map((range) => range.replace(/;.*/, ''));
  const takes = (range: string, type: string) =>
    range === '*/*' || range === type || range === `${type.split('/', 1)[0]}/*`;
  for (const range of ranges) {
    const type = JSON_TYPES.find((each) => takes(range, each));
    if (type !== undefined) return type;
  }
  return ranges.some((range) => takes(range, EVENT_STREAM)) ? EVENT_STREAM : undefined;
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
