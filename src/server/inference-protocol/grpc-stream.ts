import type { ServerDuplexStream } from '@grpc/grpc-js';
import { ServiceError } from '../../errors.ts';
import type {
  InferRequestMessage,
  InferResponseMessage,
} from '../../inference-protocol/messages.ts';
import { type GrpcCalls, GrpcFailure, Malformed } from './grpc-calls.ts';
import { UNARY_METHODS } from './grpc-methods.ts';
import { GrpcSource } from './grpc-source.ts';

type Duplex = ServerDuplexStream<unknown, object>;

/** Most requests of one stream that are answered at once; further ones are not read meanwhile. */
const MAX_PENDING = 64;

const NAME = 'ModelStreamInfer';

/** Asks for the status of gRPC in the place of an `error_message`; Triton's name. */
const STATUS_FOR_ERRORS = 'triton_grpc_error';

/** An answer, or why there is none. */
type Answered =
  | { readonly message: object; readonly failure?: GrpcFailure }
  | { readonly message?: undefined; readonly failure: GrpcFailure };

/**
 * The streams of `ModelStreamInfer`. Each message is a call of its own, several are answered at once,
 * and the answers come in the order of the requests. A request that fails does not end its stream,
 * unless the metadata `triton_grpc_error` asks for that.
 */
export class InferStreams {
  readonly #calls: GrpcCalls;
  readonly #open = new Set<InferStream>();

  constructor(calls: GrpcCalls) {
    this.#calls = calls;
  }

  /** Serves one stream. */
  readonly serve = (grpc: Duplex): void => {
    const stream = new InferStream(grpc, this.#calls, () => this.#open.delete(stream));
    this.#open.add(stream);
  };

  /** Ends each stream as soon as it has answered what it has read. */
  drain(): void {
    for (const stream of this.#open) stream.drain();
  }
}

class InferStream {
  readonly #grpc: Duplex;
  readonly #calls: GrpcCalls;
  readonly #onOver: () => void;
  #pending = 0;
  #isEnded = false;
  #isOver = false;
  #isDraining = false;
  /** Resolves when all that was read before is written. */
  #written: Promise<void> = Promise.resolve();

  constructor(grpc: Duplex, calls: GrpcCalls, onOver: () => void) {
    this.#grpc = grpc;
    this.#calls = calls;
    this.#onOver = onOver;
    grpc.on('data', (message: unknown) => this.#take(message));
    grpc.on('end', () => {
      this.#isEnded = true;
      this.#settle();
    });
    // Each request listens for the end of its caller.
    grpc.setMaxListeners(MAX_PENDING + 16);
    for (const event of ['cancelled', 'error', 'close']) grpc.on(event, () => this.#over());
  }

  drain(): void {
    this.#isDraining = true;
    this.#settle();
  }

  #take(message: unknown): void {
    if (this.#isOver) return;
    if (++this.#pending >= MAX_PENDING) this.#grpc.pause();
    const answer = this.#answer(message);
    this.#written = this.#written.then(async () => {
      await this.#write(await answer);
      this.#pending--;
      this.#grpc.resume();
      this.#settle();
    });
  }

  async #answer(message: unknown): Promise<Answered> {
    const source = new GrpcSource(this.#grpc, NAME);
    try {
      const infer = UNARY_METHODS.ModelInfer;
      const answer = await this.#calls.run(source, NAME, message, (given, context) =>
        infer ? infer(given, context) : {},
      );
      return { message: { infer_response: withFinal(answer as InferResponseMessage) } };
    } catch (thrown) {
      const failure =
        thrown instanceof GrpcFailure
          ? thrown
          : new GrpcFailure(new ServiceError('INTERNAL_SERVER_ERROR', 'The request failed.'));
      const wantsStatus = this.#grpc.metadata.get(STATUS_FOR_ERRORS)[0] === 'true';
      if (wantsStatus) return { failure };
      const { id = '' } = message instanceof Malformed ? {} : (message as InferRequestMessage);
      return { message: { error_message: failure.details, infer_response: { id } } };
    } finally {
      source.dispose();
    }
  }

  /** Writes an answer, and waits while the client does not read. */
  #write({ message, failure }: Answered): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    if (!message) {
      this.#fail(failure);
      return undefined;
    }
    if (this.#grpc.write(message)) return undefined;
    return new Promise((resolve) => {
      const go = () => {
        for (const event of WAKING) this.#grpc.removeListener(event, go);
        resolve();
      };
      for (const event of WAKING) this.#grpc.on(event, go);
    });
  }

  #settle(): void {
    if (this.#isOver || this.#pending > 0) return;
    if (this.#isEnded) {
      this.#over();
      this.#grpc.end();
    } else if (this.#isDraining) {
      const message = 'The server is shutting down; connect again.';
      this.#fail(
        new GrpcFailure(new ServiceError('OVERLOADED', message, { retryAfterSeconds: 1 })),
      );
    }
  }

  #fail(failure: GrpcFailure): void {
    this.#over();
    this.#grpc.emit('error', failure);
  }

  #over(): void {
    this.#isOver = true;
    this.#onOver();
  }
}

const WAKING = ['drain', 'cancelled', 'close', 'error'] as const;

/** Tells that nothing more follows: each request has one answer here. */
function withFinal(answer: InferResponseMessage): InferResponseMessage {
  return { ...answer, parameters: { triton_final_response: { bool_param: true } } };
}
