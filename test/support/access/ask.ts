import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What somebody who asked was told. */
export interface Reply {
  /** 401 also for a socket that was closed with 4403. */
  readonly status: number;
  readonly codes: readonly string[];
}

/** Headers that bring a key. */
export function auth(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** Reads enough of an answer to know its errors; a stream is left after its first event. */
export async function replyOf(response: Response): Promise<Reply> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  let text = '';
  if (isStream && response.body) {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (/event: (?:next|complete)/.test(text) && text.includes('\n\n', text.indexOf('event:')))
        break;
    }
  } else text = await response.text();
  return { status: response.status, codes: codesIn(text) };
}

function codesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/"code":"([A-Z_]+)"/g), ([, code = '']) => code);
}

/** Asks over a WebSocket of its own, the key in `connection_init`. */
export async function askSocket(
  url: string,
  key: string | undefined,
  query: string,
  left: AbortSignal,
): Promise<Reply> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  // It may be left before it is open, too.
  socket.on('error', () => undefined);
  left.addEventListener('abort', () => socket.terminate());
  try {
    await once(socket, 'open', { signal: left });
    return await new Promise<Reply>((resolve) => {
      socket.on('close', (code) => resolve({ status: code === 4403 ? 401 : code, codes: [] }));
      socket.on('message', (data: Buffer) => {
        const text = data.toString('utf8');
        const { type } = JSON.parse(text) as { type: string };
        if (type === 'connection_ack') {
          socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
        } else if (type === 'next' || type === 'error') {
          resolve({ status: 200, codes: codesIn(text) });
        }
      });
      const payload = key === undefined ? undefined : { apiKey: key };
      socket.send(JSON.stringify({ type: 'connection_init', ...(payload && { payload }) }));
    });
  } finally {
    socket.terminate();
  }
}
