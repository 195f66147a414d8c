import {
  Client,
  credentials,
  type ChannelCredentials,
  Metadata,
  type ServiceError as GrpcError,
  status,
} from '@grpc/grpc-js';
import {
  type InferRequestMessage,
  type InferResponseMessage,
  SERVICE_NAME,
  serviceMethod,
  type TensorMessage,
  toNumber,
} from '../../inference-protocol/messages.ts';
import { decodeRaw, encodeRaw } from '../../inference-protocol/raw-tensor.ts';
import { readContents } from '../../inference-protocol/typed-contents.ts';
import type { Tensor, TensorMap } from '../../tensor/tensor.ts';
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
  type RemoteFailureKind,
  type RemoteLimits,
  type RemoteModel,
} from './remote-client.ts';
import type { RemoteTarget } from './remote-target.ts';

interface MetadataMessage {
  readonly platform: string;
  readonly inputs: readonly TensorMessage[];
  readonly outputs: readonly TensorMessage[];
}

interface ConfigMessage {
  readonly config?: {
    readonly max_batch_size: number;
    readonly input: readonly { name: string; optional: boolean }[];
    readonly sequence_batching?: object | null;
  } | null;
}

/** The Open Inference Protocol over gRPC, tensors as raw contents. */
export class GrpcRemoteClient implements RemoteClient {
  readonly #client: Client;
  readonly #target: RemoteTarget;

  constructor(target: RemoteTarget) {
    this.#target = target;
    const { url, tls, maxAnswerBytes } = target;
    this.#client = new Client(url.host, toCredentials(target), {
      'grpc.max_receive_message_length': maxAnswerBytes,
      'grpc.max_send_message_length': -1,
      // One address is one engine: what it says of others is not followed.
      'grpc.service_config_disable_resolution': 1,
      'grpc.use_local_subchannel_pool': 1,
      // Who has gone away is looked for again soon; tries are counted elsewhere.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2_000,
      'grpc.enable_retries': 0,
      ...(tls?.serverName !== undefined && { 'grpc.ssl_target_name_override': tls.serverName }),
    });
  }

  async ready(limits: RemoteLimits): Promise<boolean> {
    const { model: name, version = '' } = this.#target;
    try {
      const answer = await this.#call('ModelReady', { name, version }, limits);
      return (answer as { ready: boolean }).ready;
    } catch (error) {
      if (error instanceof RemoteFailure && error.kind === 'missing') return false;
      throw error;
    }
  }

  async describe(limits: RemoteLimits): Promise<RemoteModel> {
    const { model: name, version = '' } = this.#target;
    const metadata = (await this.#call(
      'ModelMetadata',
      { name, version },
      limits,
    )) as MetadataMessage;
    const config = await this.#call('ModelConfig', { name, version }, limits).then(
      (answer) => (answer as ConfigMessage).config,
      (error: unknown) => {
        // An engine without the extension does not implement it.
        if (error instanceof RemoteFailure && ['failed', 'missing', 'refused'].includes(error.kind))
          return undefined;
        throw error;
      },
    );
    const optional = new Set(config?.input.filter((input) => input.optional).map((it) => it.name));
    const specs = (list: readonly TensorMessage[]) =>
      list.map(({ name: tensor, datatype, shape }) =>
        toSpec(tensor, datatype, shape.map(toNumber)),
      );
    return {
      signature: requireTensors({
        inputs: specs(metadata.inputs).filter(
          (it) => !optional.has(it.name) || it.datatype !== 'BYTES',
        ),
        outputs: specs(metadata.outputs),
      }),
      platform: metadata.platform,
      maxBatchSize: config?.max_batch_size ?? 0,
      stateful: (config?.sequence_batching ?? null) !== null,
    };
  }

  async infer(
    inputs: TensorMap,
    outputs: readonly string[],
    limits: RemoteLimits,
  ): Promise<TensorMap> {
    const entries = Object.entries(inputs);
    const request: InferRequestMessage = {
      model_name: this.#target.model,
      model_version: this.#target.version ?? '',
      inputs: entries.map(([name, { datatype, shape }]) => ({ name, datatype, shape })),
      outputs: outputs.map((name) => ({ name })),
      raw_input_contents: entries.map(([, tensor]) => encodeRaw(tensor)),
    };
    const answer = (await this.#call('ModelInfer', request, limits)) as InferResponseMessage;
    return reading(() => readTensors(answer));
  }

  close(): void {
    this.#client.close();
  }

  #call(name: string, message: object, limits: RemoteLimits): Promise<unknown> {
    const { timeoutMs, signal, traceparent } = limits;
    const { request, response } = serviceMethod(name);
    const metadata = new Metadata();
    for (const [header, value] of Object.entries(this.#target.headers)) metadata.set(header, value);
    if (traceparent !== undefined) metadata.set('traceparent', traceparent);
    if (signal.aborted) return Promise.reject(new RemoteFailure('gone', 'nobody waits any more'));
    return new Promise((resolve, reject) => {
      const onAbort = () => call.cancel();
      const call = this.#client.makeUnaryRequest<object, unknown>(
        `/${SERVICE_NAME}/${name}`,
        (it) => request.encode(it),
        (bytes) => response.decode(bytes),
        message,
        metadata,
        { deadline: Date.now() + Math.max(1, timeoutMs) },
        (error, answer) => {
          signal.removeEventListener('abort', onAbort);
          if (error) reject(toFailure(error, signal));
          else resolve(answer);
        },
      );
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function toCredentials({ url, tls }: RemoteTarget): ChannelCredentials {
  if (url.protocol !== 'grpcs:') return credentials.createInsecure();
  return credentials.createSsl(tls?.ca ?? null, tls?.key ?? null, tls?.cert ?? null, {
    rejectUnauthorized: tls?.verify ?? true,
  });
}

const KINDS: Readonly<Partial<Record<status, RemoteFailureKind>>> = {
  [status.INVALID_ARGUMENT]: 'refused',
  [status.OUT_OF_RANGE]: 'refused',
  [status.FAILED_PRECONDITION]: 'refused',
  [status.NOT_FOUND]: 'missing',
  [status.UNAUTHENTICATED]: 'denied',
  [status.PERMISSION_DENIED]: 'denied',
  [status.DEADLINE_EXCEEDED]: 'late',
  [status.RESOURCE_EXHAUSTED]: 'busy',
};

function toFailure(error: GrpcError, signal: AbortSignal): RemoteFailure {
  if (signal.aborted) return new RemoteFailure('gone', 'nobody waits any more', error);
  const { code, details } = error;
  const message = `it answered ${status[code]}: ${quote(details)}`;
  if (code === status.UNAVAILABLE) {
    // The library says so both where no connection was made and where one broke off.
    const isUnsent = /No connection established|ECONNREFUSED|Name resolution failed/.test(details);
    return new RemoteFailure(isUnsent ? 'unsent' : 'lost', message, error);
  }
  if (code === status.RESOURCE_EXHAUSTED && /message larger/i.test(details)) {
    return new RemoteFailure('failed', message, error);
  }
  if (code === status.INTERNAL && /RST_STREAM|ECONNRESET/.test(details)) {
    return new RemoteFailure('lost', message, error);
  }
  return new RemoteFailure(KINDS[code] ?? 'failed', message, error);
}

function readTensors({ outputs, raw_output_contents: raw }: InferResponseMessage): TensorMap {
  if (raw.length > 0 && raw.length !== outputs.length) {
    throw nonsense(`it has ${raw.length} raw contents for ${outputs.length} outputs`);
  }
  const tensors = outputs.map((output, i): [string, Tensor] => {
    const what = `output "${output.name}"`;
    const datatype = requireDatatype(what, output.datatype);
    const { shape, count } = requireCount(what, output.shape.map(toNumber));
    const bytes = raw[i];
    const data = bytes
      ? decodeRaw(what, datatype, count, bytes)
      : readContents(what, datatype, count, output.contents ?? {});
    return [output.name, { datatype, shape, data }];
  });
  return Object.fromEntries(tensors);
}
