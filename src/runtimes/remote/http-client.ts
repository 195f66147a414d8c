import http from 'node:http';
import https from 'node:https';
import { badInput } from '../../errors.ts';
import {
  BinaryReader,
  divideBody,
  HEADER_LENGTH,
  parseBody,
} from '../../inference-protocol/infer-body.ts';
import { decodeRaw, encodeRaw } from '../../inference-protocol/raw-tensor.ts';
import { readJsonData } from '../../inference-protocol/read-json-data.ts';
import type { Tensor, TensorMap } from '../../tensor/tensor.ts';
import { isFloating } from '../../tensor/write-number.ts';
import {
  nonsense,
  reading,
  requireCount,
  requireDatatype,
  requireTensors,
  toSpec,
} from './read-answer.ts';
import {
  quote,
  RemoteFailure,
  type RemoteClient,
  type RemoteLimits,
  type RemoteModel,
} from './remote-client.ts';
import type { RemoteTarget } from './remote-target.ts';

/** An answer of the engine. */
interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

type Json = Readonly<Record<string, unknown>>;

/** The Open Inference Protocol over HTTP, tensors in binary. Connections are kept alive. */
export class HttpRemoteClient implements RemoteClient {
  readonly #target: RemoteTarget;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;
  /** Path of the model, with its version. */
  readonly #path: string;

  constructor(target: RemoteTarget) {
    this.#target = target;
    const { url, model, version, tls, maxInFlight } = target;
    const base = url.pathname.replace(/\/+$/, '');
    const versionPath = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`;
    this.#path = `${base}/v2/models/${encodeURIComponent(model)}${versionPath}`;
    const options = { keepAlive: true, maxFreeSockets: maxInFlight, scheduling: 'lifo' } as const;
    const isSecure = url.protocol === 'https:';
    this.#request = isSecure ? https.request : http.request;
    this.#agent = isSecure
      ? new https.Agent({
          ...options,
          ca: tls?.ca,
          cert: tls?.cert,
          key: tls?.key,
          servername: tls?.serverName,
          rejectUnauthorized: tls?.verify ?? true,
        })
      : new http.Agent(options);
  }

  async ready(limits: RemoteLimits): Promise<boolean> {
    const { status, body } = await this.#send('GET', `${this.#path}/ready`, limits);
    if (status !== 200) return false;
    // KServe tells by the body.
    return body.length === 0 || !/"ready"\s*:\s*false/.test(body.toString('utf8', 0, 1000));
  }

  async describe(limits: RemoteLimits): Promise<RemoteModel> {
    const metadata = requireJson(await this.#send('GET', this.#path, limits));
    // Servers without the extension answer 404 or 405, or an HTML page.
    const config = await this.#send('GET', `${this.#path}/config`, limits)
      .then(requireJson)
      .catch((error: unknown): Json => {
        if (error instanceof RemoteFailure && ['missing', 'failed', 'refused'].includes(error.kind))
          return {};
        throw error;
      });
    const optional = new Set(
      toList(config.input)
        .filter((input) => input.optional === true)
        .map(({ name }) => name),
    );
    const specs = (list: unknown) =>
      toList(list).map(({ name, datatype, shape }) => toSpec(name, datatype, shape));
    const { max_batch_size: maxBatchSize, sequence_batching: sequences } = config;
    return {
      signature: requireTensors({
        inputs: specs(metadata.inputs).filter(({ name, datatype }) => {
          // What need not be sent is not: one of ours lists what its encoders read that way.
          return !optional.has(name) || datatype !== 'BYTES';
        }),
        outputs: specs(metadata.outputs),
      }),
      platform: typeof metadata.platform === 'string' ? metadata.platform : '',
      maxBatchSize: typeof maxBatchSize === 'number' ? maxBatchSize : 0,
      stateful: sequences !== undefined && sequences !== null,
    };
  }

  async infer(
    inputs: TensorMap,
    outputs: readonly string[],
    limits: RemoteLimits,
  ): Promise<TensorMap> {
    const parts: Buffer[] = [];
    const described = Object.entries(inputs).map(([name, tensor]) => {
      const bytes = encodeRaw(tensor);
      parts.push(bytes);
      const { datatype, shape } = tensor;
      return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
    });
    const json = Buffer.from(
      JSON.stringify({
        inputs: described,
        outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })),
      }),
    );
    const answer = await this.#send('POST', `${this.#path}/infer`, limits, [json, ...parts], {
      'Content-Type': 'application/octet-stream',
      [HEADER_LENGTH]: String(json.length),
    });
    return readTensors(answer);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    method: string,
    path: string,
    { timeoutMs, signal, traceparent }: RemoteLimits,
    parts: readonly Buffer[] = [],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { url, maxAnswerBytes } = this.#target;
    if (signal.aborted) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      const request = this.#request({
        agent: this.#agent,
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? undefined : url.port,
        method,
        path,
        headers: {
          ...this.#target.headers,
          ...(traceparent !== undefined && { traceparent }),
          ...headers,
          ...(method === 'POST' && {
            'Content-Length': String(parts.reduce((sum, { length }) => sum + length, 0)),
          }),
        },
      });
      let isSent = false;
      let isOver = false;
      const finish = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const fail = (failure: RemoteFailure) => {
        finish(() => reject(failure));
        request.destroy();
      };
      const onAbort = () => fail(gone());
      const timer = setTimeout(
        () =>
          fail(new RemoteFailure('late', `it did not answer within ${Math.round(timeoutMs)} ms`)),
        Math.max(1, timeoutMs),
      );
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('socket', (socket) => {
        // What waits for a connection has reached nobody yet.
        if (socket.connecting)
          socket.once(
            url.protocol === 'https:' ? 'secureConnect' : 'connect',
            () => (isSent = true),
          );
        else isSent = true;
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        const kind = isSent ? 'lost' : 'unsent';
        fail(new RemoteFailure(kind, `the connection failed (${error.code ?? 'error'})`, error));
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxAnswerBytes) fail(nonsense(`it is larger than ${maxAnswerBytes} bytes`));
          else chunks.push(chunk);
        });
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          finish(() => resolve({ status, headers: response.headers, body: Buffer.concat(chunks) }));
        });
        response.on('close', () =>
          fail(new RemoteFailure('lost', 'the connection broke off in the middle of the answer')),
        );
        response.on('error', () => undefined);
      });
      for (const part of parts) request.write(part);
      request.end();
    });
  }
}

const gone = () => new RemoteFailure('gone', 'nobody waits for the answer any more');

/** The JSON object of an answer of status 200. */
function requireJson(answer: Answer): Json {
  requireSuccess(answer);
  const parsed = reading(() => parseBody(answer.body));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw nonsense('it is not a JSON object');
  }
  return parsed as Json;
}

function requireSuccess({ status, body }: Answer): void {
  if (status === 200) return;
  const message = `it answered ${status}: ${quote(messageOf(body))}`;
  switch (status) {
    case 401:
    case 403:
      throw new RemoteFailure('denied', message);
    case 404:
      throw new RemoteFailure('missing', message);
    case 429:
    case 502:
    case 503:
      throw new RemoteFailure('busy', message);
    case 504:
      throw new RemoteFailure('late', message);
  }
  throw new RemoteFailure(status >= 400 && status < 500 ? 'refused' : 'failed', message);
}

/** `{"error": "…"}`, or whatever else came. */
function messageOf(body: Buffer): string {
  const text = body.toString('utf8', 0, 10_000);
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
}

function readTensors(answer: Answer): TensorMap {
  requireSuccess(answer);
  return reading(() => {
    const headerLength = answer.headers[HEADER_LENGTH.toLowerCase()];
    const { json, binary } = divideBody(
      answer.body,
      typeof headerLength === 'string' ? headerLength : undefined,
    );
    const reader = new BinaryReader(binary);
    const body = parseBody(json) as Json | null;
    const tensors = new Map<string, Tensor>();
    for (const output of toList(body?.outputs)) {
      const name = String(output.name);
      tensors.set(name, readTensor(`output "${name}"`, output, reader));
    }
    reader.end();
    return Object.fromEntries(tensors);
  });
}

function readTensor(what: string, output: Json, reader: BinaryReader): Tensor {
  const datatype = requireDatatype(what, output.datatype);
  const { shape, count } = requireCount(what, output.shape);
  const { binary_data_size: size } = (output.parameters ?? {}) as Json;
  if (size === undefined) {
    if (!Array.isArray(output.data)) throw badInput(`${what} has no data`);
    // Writers of JSON that know no NaN write null.
    const data = (output.data as unknown[])
      .flat<unknown[], 16>(16)
      .map((value) => (value === null && isFloating(datatype) ? 'NaN' : value));
    return { datatype, shape, data: readJsonData(what, datatype, count, data) };
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw badInput(`${what} has the binary_data_size ${JSON.stringify(size)}`);
  }
  return { datatype, shape, data: decodeRaw(what, datatype, count, reader.take(what, size)) };
}

function toList(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Json => typeof item === 'object' && item !== null);
}
