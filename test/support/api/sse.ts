/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads the events of a response, without the pings. */
export async function* readEvents(
  response: Response,
): AsyncGenerator<ServerSentEvent, undefined, undefined> {
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    buffer += decoder.decode(chunk, { stream: true });
    let end: number;
    while ((end = buffer.indexOf('\n\n')) !== -1) {
      const fields = new Map(
        buffer
          .slice(0, end)
          .split('\n')
          .map((line): [string, string] => {
            const colon = line.indexOf(':');
            return [line.slice(0, colon), line.slice(colon + 1).trim()];
          }),
      );
      buffer = buffer.slice(end + 2);
      if (fields.has('event')) {
        yield { event: fields.get('event') ?? '', data: fields.get('data') ?? '' };
      }
    }
  }
  return undefined;
}
