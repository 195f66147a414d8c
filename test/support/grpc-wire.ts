import { once } from 'node:events';
import http2 from 'node:http2';

/**
 * gRPC by its bytes: HTTP/2 frames and Protocol Buffers by field numbers, without the library and the
 * `.proto` file of the server.
 */

/** A field of a message: its number and its encoded value. */
type Part = Buffer;

const varint = (value: number | bigint): Buffer => {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
};

/** Writes fields. */
export const pb = {
  /** Numbers, enumerations and booleans. */
  int: (field: number, value: number | bigint): Part =>
    Buffer.concat([varint(field << 3), varint(value)]),
  /** Texts, bytes and messages. */
  bytes: (field: number, ...parts: readonly (string | Uint8Array)[]): Part => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
  },
  /** Numbers, packed. */
  packed: (field: number, values: readonly (number | bigint)[]): Part =>
    pb.bytes(field, ...values.map(varint)),
  /** An entry of a map from texts to messages. */
  entry: (field: number, key: string, ...value: readonly Part[]): Part =>
    pb.bytes(field, pb.bytes(1, key), pb.bytes(2, ...value)),
};

/** Fields of a message that was read: the values of each number, in their order. */
export class Fields {
  readonly #values = new Map<number, (bigint | Buffer)[]>();

  constructor(message: Buffer) {
    let at = 0;
    const next = (): bigint => {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const byte = message[at++] ?? 0;
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
    };
    while (at < message.length) {
      const tag = Number(next());
      const kind = tag & 7;
      if (kind !== 0 && kind !== 2) throw new Error(`wire type ${kind}`);
      let value: bigint | Buffer = next();
      if (kind === 2) value = message.subarray(at, (at += Number(value)));
      const field = tag >> 3;
      this.#values.set(field, [...(this.#values.get(field) ?? []), value]);
    }
  }

  /** All fields by number, texts as such; for fields of one kind. */
  texts(field: number): string[] {
    return this.#of(field).map(String);
  }

  text(field: number): string {
    return this.texts(field)[0] ?? '';
  }

  int(field: number): number {
    return Number(this.#of(field)[0] ?? 0);
  }

  bytes(field: number): Buffer[] {
    return this.#of(field).filter((value) => Buffer.isBuffer(value));
  }

  messages(field: number): Fields[] {
    return this.bytes(field).map((bytes) => new Fields(bytes));
  }

  message(field: number): Fields {
    return this.messages(field)[0] ?? new Fields(Buffer.alloc(0));
  }

  #of(field: number): readonly (bigint | Buffer)[] {
    return this.#values.get(field) ?? [];
  }
}

/** A message in its frame. @param flag 1 where it is compressed */
export function frame(message: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** What came back. */
export interface WireAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly headers: http2.IncomingHttpHeaders;
  readonly trailers: http2.IncomingHttpHeaders;
  /** Of gRPC; `undefined` where the stream ended without one. */
  readonly code: number | undefined;
  readonly messages: readonly Buffer[];
}

/** A connection. */
export class WireClient {
  readonly session: http2.ClientHttp2Session;

  constructor(port: number) {
    this.session = http2.connect(`http://127.0.0.1:${port}`);
    this.session.on('error', () => undefined);
  }

  /** Opens a stream with the headers that gRPC's Python library sends. */
  open(path: string, headers: Readonly<Record<string, string>> = {}): http2.ClientHttp2Stream {
    const stream = this.session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'grpc-python/1.66.0 grpc-c/43.0.0 (linux; chttp2)',
      'grpc-accept-encoding': 'identity, deflate, gzip',
      ...headers,
    });
    stream.on('error', () => undefined);
    return stream;
  }

  /** Sends bytes as they are, and waits for the end. */
  async send(
    path: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<WireAnswer> {
    const stream = this.open(path, headers);
    const answer = read(stream);
    stream.end(body);
    return answer;
  }

  /** Calls a method of the inference service with one message. */
  call(
    method: string,
    message: Uint8Array = Buffer.alloc(0),
    headers: Readonly<Record<string, string>> = {},
  ): Promise<WireAnswer> {
    return this.send(`/inference.GRPCInferenceService/${method}`, frame(message), headers);
  }

  close(): void {
    this.session.destroy();
  }
}

/** Reads a stream to its end. */
export async function read(stream: http2.ClientHttp2Stream): Promise<WireAnswer> {
  let headers: http2.IncomingHttpHeaders = {};
  let trailers: http2.IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on('response', (given) => (headers = given));
  stream.on('trailers', (given: http2.IncomingHttpHeaders) => (trailers = given));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await Promise.race([once(stream, 'end'), once(stream, 'close')]).catch(() => undefined);
  // As clients do: what is answered needs no more of the request.
  stream.close();
  const messages: Buffer[] = [];
  let rest = Buffer.concat(chunks);
  while (rest.length >= 5) {
    const end = 5 + rest.readUInt32BE(1);
    messages.push(rest.subarray(5, end));
    rest = rest.subarray(end);
  }
  // An answer without messages may have everything in one block of headers.
  const code = trailers['grpc-status'] ?? headers['grpc-status'];
  return {
    status: Number((headers as Record<string, unknown>)[':status'] ?? 0),
    headers,
    trailers: { ...headers, ...trailers },
    code: code === undefined ? undefined : Number(code),
    messages,
  };
}
