import { once } from 'node:events';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { SERVICE_NAME, serviceMethod } from '../../src/inference-protocol/messages.ts';

/** A tensor of a test in binary. */
export interface BinaryInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly bytes: Buffer;
}

/** The body of an inference request with all inputs in binary, and its headers. */
export function binaryBody(inputs: readonly BinaryInput[], more: object = {}) {
  const json = Buffer.from(
    JSON.stringify({
      inputs: inputs.map(({ bytes, ...input }) => ({
        ...input,
        parameters: { binary_data_size: bytes.length },
      })),
      ...more,
    }),
  );
  return {
    body: Buffer.concat([json, ...inputs.map(({ bytes }) => bytes)]),
    headers: { 'inference-header-content-length': String(json.length) },
  };
}

/** BYTES as they are in binary. */
export function bytesTensor(elements: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    elements.flatMap((element) => {
      const bytes = Buffer.from(element as string);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Divides a binary answer. */
export async function divided(response: Response) {
  const body = Buffer.from(await response.arrayBuffer());
  const length = Number(response.headers.get('inference-header-content-length'));
  return {
    json: JSON.parse(body.toString('utf8', 0, length)) as {
      outputs: { name: string; datatype: string; shape: number[]; parameters: object }[];
    },
    binary: body.subarray(length),
  };
}

/** A client over gRPC. */
export class GrpcClient {
  readonly client: Client;

  constructor(port: number) {
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
    });
  }

  /** Calls a method; fails with the error of the library. */
  call<T>(
    name: string,
    message: object,
    options: { deadline?: number; metadata?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<T> {
    const { request, response } = serviceMethod(name);
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
    return new Promise((resolve, reject) => {
      const call = this.client.makeUnaryRequest<object, unknown>(
        `/${SERVICE_NAME}/${name}`,
        (it) => request.encode(it),
        (bytes) => response.decode(bytes),
        message,
        metadata,
        options.deadline === undefined ? {} : { deadline: options.deadline },
        (error: ServiceError | null, answer) => {
          if (error) reject(error);
          else resolve(answer as T);
        },
      );
      options.signal?.addEventListener('abort', () => call.cancel());
    });
  }

  /** Sends messages over one stream, and gathers what comes back. */
  async stream(
    messages: readonly object[],
    given: Readonly<Record<string, string>> = {},
  ): Promise<unknown[]> {
    const { request, response } = serviceMethod('ModelStreamInfer');
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(given)) metadata.set(key, value);
    const stream = this.client.makeBidiStreamRequest<object, unknown>(
      `/${SERVICE_NAME}/ModelStreamInfer`,
      (it) => request.encode(it),
      (bytes) => response.decode(bytes),
      metadata,
    );
    const answers: unknown[] = [];
    stream.on('data', (answer) => answers.push(answer));
    // Rejects with the status where it is no good one.
    const ended = Promise.race([
      once(stream, 'end').then(() => once(stream, 'status')),
      once(stream, 'error').then(([error]) => Promise.reject(error as Error)),
    ]);
    for (const message of messages) stream.write(message);
    stream.end();
    await ended;
    return answers;
  }

  close(): void {
    this.client.close();
  }
}
