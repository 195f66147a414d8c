import { request, type Agent } from 'node:http';

/** What came back over a plain connection. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends what `fetch` would not: chunks without a length, odd headers, odd methods. */
export function rawRequest(
  url: string,
  options: {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    chunks?: readonly (string | Buffer)[];
    agent?: Agent;
    /** How bytes become text. @default 'utf8' */
    encoding?: BufferEncoding;
  } = {},
): Promise<RawAnswer> {
  const { chunks = [], encoding = 'utf8', ...rest } = options;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'GET', ...rest }, (response) => {
      let text = '';
      response.setEncoding(encoding);
      response.on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}
