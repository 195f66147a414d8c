import { setTimeout as delay } from 'node:timers/promises';
import { MAX_ANSWER_BYTES } from './limits.ts';
import { SourceError } from './source.ts';

/** How patient requests to sources are. */
export interface Patience {
  /** Longest time without a byte, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Times that a request is made before it is given up. */
  readonly attempts: number;
  /** Wait before the second attempt, in milliseconds; it doubles with each. */
  readonly backoffMs: number;
}

/** Longest wait between two attempts, in milliseconds, whatever a source asks for. */
const MAX_WAIT_MS = 30_000;

/** An answer whose body has not been read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a request is made of. */
export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs the request; called anew for each attempt, since signatures expire. */
  readonly sign?: ((url: string, headers: Record<string, string>) => Promise<Request>) | undefined;
  readonly signal: AbortSignal;
  /** What is asked for, for messages: an address without credentials. */
  readonly label: string;
  /** Reads the code of an error out of its body. */
  readonly explain?: ((body: string) => string | null) | undefined;
  /** Statuses beside 2xx that are an answer. */
  readonly accept?: readonly number[];
}

/** Requests to sources: with a limit of silence, and messages that an operator can use. */
export class SourceClient {
  readonly #patience: Patience;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /**
   * Makes one request, once.
   *
   * @throws {SourceError} for an answer that is none, or none in time
   */
  async open(request: HttpRequest): Promise<Answer> {
    const { url, label, signal } = request;
    const silence = new AbortController();
    const { idleTimeoutMs } = this.#patience;
    const timer = setTimeout(() => silence.abort(), idleTimeoutMs);
    const both = AbortSignal.any([signal, silence.signal]);
    const faultOf = (error: unknown): unknown => {
      if (error instanceof SourceError) return error;
      if (signal.aborted) return new SourceError(`${label} was given up`, { cause: error });
      const why = silence.signal.aborted
        ? `gave nothing for ${idleTimeoutMs} ms`
        : `cannot be reached: ${networkReason(error)}`;
      return new SourceError(`${label} ${why}`, { retryable: true, cause: error });
    };
    try {
      const headers = { ...request.headers };
      const input = request.sign ? await request.sign(url, headers) : new Request(url, { headers });
      const response = await fetch(input, { signal: both });
      const { status } = response;
      if (url.startsWith('https:') && response.url.startsWith('http:')) {
        throw new SourceError(`${label} leads on to plain http, where anyone could change it`);
      }
      if (!response.ok && !request.accept?.includes(status)) {
        throw await refusal(response, request);
      }
      timer.refresh();
      const body = readBody(response, () => timer.refresh(), label, faultOf);
      return {
        status,
        headers: response.headers,
        body: (async function* () {
          try {
            yield* body;
          } finally {
            clearTimeout(timer);
          }
        })(),
      };
    } catch (error) {
      clearTimeout(timer);
      throw faultOf(error);
    }
  }

  /** Makes a request and reads its answer as text, trying again where that may help. */
  text(request: HttpRequest): Promise<{ text: string; answer: Answer }> {
    return this.retry(request.signal, async () => {
      const answer = await this.open(request);
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of answer.body) {
        bytes += piece.byteLength;
        if (bytes > MAX_ANSWER_BYTES) {
          throw new SourceError(
            `${request.label} answers with more than ${MAX_ANSWER_BYTES} bytes`,
          );
        }
        pieces.push(piece);
      }
      return { text: Buffer.concat(pieces).toString('utf8'), answer };
    });
  }

  /** Makes a request and reads its answer as JSON. */
  async json(request: HttpRequest): Promise<{ value: unknown; answer: Answer }> {
    const { text, answer } = await this.text(request);
    try {
      return { value: JSON.parse(text) as unknown, answer };
    } catch {
      throw new SourceError(`${request.label} does not answer with JSON`);
    }
  }

  /** Does some work again while it fails in a way that may pass. */
  async retry<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { attempts, backoffMs } = this.#patience;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const mayPass = error instanceof SourceError && error.retryable;
        if (!mayPass || attempt >= attempts || signal.aborted) throw error;
        const wait = error.retryAfterMs ?? backoffMs * 2 ** (attempt - 1);
        await delay(Math.min(wait, MAX_WAIT_MS), undefined, { signal }).catch(() => {
          throw error;
        });
      }
    }
  }
}

async function* readBody(
  response: Response,
  onPiece: () => void,
  label: string,
  faultOf: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  // What fetch has unpacked has another length than the header says.
  const packed = response.headers.get('content-encoding') ?? 'identity';
  const announced = packed === 'identity' ? response.headers.get('content-length') : null;
  let bytes = 0;
  try {
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      onPiece();
      bytes += piece.byteLength;
      yield piece;
      // The time that the reader took is not the source's.
      onPiece();
    }
  } catch (error) {
    throw faultOf(error);
  }
  if (announced !== null && Number(announced) !== bytes) {
    throw new SourceError(`${label} ended after ${bytes} of ${announced} bytes`, {
      retryable: true,
    });
  }
}

async function refusal(response: Response, request: HttpRequest): Promise<SourceError> {
  const { status, headers } = response;
  const { label, explain } = request;
  const body = await readStart(response);
  const code = explain?.(body) ?? null;
  const said = code === null ? String(status) : `${status} ${code}`;
  const retryAfter = headers.get('retry-after');
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  const options = {
    retryable:
      status === 408 || status === 412 || status === 425 || status === 429 || status >= 500,
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined,
  };
  if (status === 401 || status === 403 || /ExpiredToken|InvalidAccessKey|Signature/.test(said)) {
    return new SourceError(`${label} refuses the credentials (${said})`, options);
  }
  if (status === 404) return new SourceError(`${label} is not there (${said})`, options);
  if (status === 301 || status === 307) {
    return new SourceError(`${label} is in another region (${said}); set AWS_REGION`, options);
  }
  if (status === 412) return new SourceError(`${label} changed while it was read`, options);
  return new SourceError(`${label} answers with ${said}`, options);
}

/** The first bytes of a body; the rest is left. */
async function readStart(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    if (response.body === null) return text;
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > 4096) break;
    }
  } catch {
    // What has come must do.
  }
  return text;
}

/** Why the network failed, by its code: messages hold addresses. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return code ?? (message === 'terminated' ? 'the connection was closed' : 'the connection failed');
}
