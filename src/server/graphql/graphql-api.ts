import {
  createSourceEventStream,
  execute,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import type { Logger } from 'pino';
import type { GraphQLContext } from '../../../schema/context.ts';
import { type ServiceError, toServiceError } from '../../errors.ts';
import { type Call, internalCall } from '../../services/call.ts';
import type { DocumentStore } from '../../access/documents/document-store.ts';
import type { Principal } from '../../services/principal.ts';
import type { Services } from '../../services/services.ts';
import { isGraphQLCode } from '../call/call-code.ts';
import type { Pipeline } from '../call/pipeline.ts';
import { ServerCall } from '../call/server-call.ts';
import { MAX_ERRORS, toGraphQLError, toRegistryError, translate } from './errors.ts';
import type { QueryCost } from './cost/query-cost.ts';
import type { MaybePromise } from './executor/field.ts';
import type { AnswerLimits } from './executor/run.ts';
import type { Endable, OpenSubscriptions } from './open-subscriptions.ts';
import type { OperationParams } from './operation-params.ts';
import {
  type Preparation,
  type PreparedOperation,
  type RequestErrors,
  UNKNOWN_OPERATION,
} from './prepare.ts';
import { ResultStream } from './result-stream.ts';
import type { FrameReceiver } from './shared/frame-receiver.ts';
import { shareKeyOf } from './shared/share-key.ts';
import { type SharedOperation, SharedStreams } from './shared/shared-streams.ts';

/** What {@link GraphQLApi} needs. */
export interface GraphQLApiOptions {
  readonly pipeline: Pipeline;
  readonly services: Services;
  readonly logger: Logger;
  /** The schema of the moment; may answer another one at any time. */
  readonly getSchema: (principal: Principal) => GraphQLSchema;
  readonly preparation: Preparation;
  /** Finds documents that are named, and decides which are allowed. */
  readonly documents: DocumentStore;
  /** Counts what operations cost. @default nothing is counted */
  readonly cost?: QueryCost | undefined;
  readonly answerLimits: AnswerLimits;
  readonly subscriptions: OpenSubscriptions;
  /** Told of each operation that graphql-js executes. */
  readonly onFallback: () => void;
}

/** What an operation is answered with. */
export interface GraphQLAnswer {
  /** One result, its errors as clients may see them. */
  readonly result: ExecutionResult;
  /**
   * Why the request as a whole was refused: `request` for an operation that cannot be executed
   * (400 where the media type has statuses of its own), `operation` where it is not to be found
   * (400 always), or the error of a policy.
   */
  readonly refusal: 'request' | 'operation' | ServiceError | undefined;
}

/** What a subscription is answered with when it has begun. */
export interface GraphQLStream {
  readonly stream: ResultStream;
}

/**
 * GraphQL without any transport: one preparation, one executor, one translation of errors. HTTP,
 * WebSocket and Yoga bring the parameters and write what comes back.
 */
export class GraphQLApi {
  readonly #options: GraphQLApiOptions;
  readonly #streams: SharedStreams;

  constructor(options: GraphQLApiOptions) {
    this.#options = options;
    this.#streams = new SharedStreams((err) => {
      options.logger.error({ err }, 'shared subscription could not be ended');
    });
  }

  /**
   * Prepares an operation without running it; what is wrong with it comes back as an answer.
   */
  prepare(
    call: ServerCall,
    params: OperationParams,
  ): MaybePromise<PreparedOperation | GraphQLAnswer> {
    const { documents } = this.#options;
    if (documents.passes(params)) return this.#prepare(call, params);
    try {
      const found = documents.resolve(params, () => call.principal.allows('documents:any'));
      if (!(found instanceof Promise)) return this.#prepare(call, { ...params, query: found });
      return found.then(
        (query) => this.#prepare(call, { ...params, query }),
        (thrown: unknown) => this.#refuse(call, thrown),
      );
    } catch (thrown) {
      return this.#refuse(call, thrown);
    }
  }

  #prepare(
    call: ServerCall,
    params: OperationParams,
  ): MaybePromise<PreparedOperation | GraphQLAnswer> {
    const prepared = this.#options.preparation.prepare(
      this.#options.getSchema(call.principal),
      params,
    );
    return prepared instanceof Promise
      ? prepared.then((settled) => this.#toPrepared(call, settled))
      : this.#toPrepared(call, prepared);
  }

  #toPrepared(
    call: ServerCall,
    prepared: PreparedOperation | RequestErrors,
  ): PreparedOperation | GraphQLAnswer {
    if (!('errors' in prepared)) return prepared;
    const isUnknown = prepared.errors[0]?.extensions.code === UNKNOWN_OPERATION;
    return {
      result: { errors: this.#clean(call, prepared.errors) },
      refusal: isUnknown ? 'operation' : 'request',
    };
  }

  /** Runs a query or mutation. Never rejects. */
  run(call: ServerCall, prepared: PreparedOperation): MaybePromise<GraphQLAnswer> {
    try {
      const { pipeline, cost } = this.#options;
      const answer = pipeline.run(call, toOperation(prepared), () => {
        cost?.check(call, prepared);
        return this.#execute(call, prepared, undefined);
      });
      if (!(answer instanceof Promise)) return this.#toAnswer(call, answer);
      return answer.then(
        (result) => this.#toAnswer(call, result),
        (thrown: unknown) => this.#refuse(call, thrown),
      );
    } catch (thrown) {
      return this.#refuse(call, thrown);
    }
  }

  /**
   * Begins a subscription. Never rejects: what refuses it comes back as an answer.
   *
   * @param receiver takes the results of a subscription that is executed once for many callers, past
   *   the stream, which then yields none
   */
  async subscribe(
    call: ServerCall,
    prepared: PreparedOperation,
    receiver?: FrameReceiver,
  ): Promise<GraphQLStream | GraphQLAnswer> {
    let giveBack: (() => void) | undefined;
    let stream: Endable | undefined;
    let stopWatching: (() => void) | undefined;
    const release = (): void => {
      if (stream) this.#options.subscriptions.delete(stream);
      giveBack?.();
      stopWatching?.();
    };
    try {
      const source = await this.#options.pipeline.run(call, toOperation(prepared), () => {
        this.#options.cost?.check(call, prepared);
        giveBack = this.#options.subscriptions.reserve();
        const key = receiver && shareKeyOf(prepared, call.principal.view);
        if (!receiver || key === undefined) return this.#openResults(call, prepared);
        return this.#streams.subscribe(this.#sharedOperation(key, call, prepared), receiver);
      });
      if (!(Symbol.asyncIterator in source)) {
        release();
        return { result: this.#toAnswer(call, source).result, refusal: undefined };
      }
      const results = new ResultStream(
        source[Symbol.asyncIterator](),
        (result) => Promise.resolve(result as ExecutionResult),
        (thrown) => this.#cleanOne(call, thrown),
        release,
      );
      stream = results;
      // A stream ends with its credential, and with the server; sockets are closed as a whole.
      if (call.transport === 'http') {
        stopWatching = call.principal.onEnd?.(() => void results.return());
        this.#options.subscriptions.add(results);
      }
      return { stream: results };
    } catch (thrown) {
      release();
      return this.#refuse(call, thrown);
    }
  }

  /** The operation's refusal as an answer, its error as clients may see it. */
  refuse(call: ServerCall, error: ServiceError): GraphQLAnswer {
    return this.#refuse(call, error);
  }

  /** One execution for all callers of the same view; none of them may end it for the others. */
  #sharedOperation(
    key: string,
    { principal }: ServerCall,
    prepared: PreparedOperation,
  ): SharedOperation {
    const shared: Call = { ...internalCall('shared'), principal };
    return {
      key,
      execute: () => this.#openResults(shared, prepared),
      serialize: (result) => JSON.stringify(result),
    };
  }

  async #openResults(
    call: Call,
    prepared: PreparedOperation,
  ): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
    const { schema, document, definition, params } = prepared;
    const source = await createSourceEventStream({
      schema,
      document,
      contextValue: this.#context(call),
      variableValues: params.variables,
      operationName: definition.name?.value,
    });
    if (!(Symbol.asyncIterator in source)) return source;
    return new ResultStream(
      source[Symbol.asyncIterator](),
      (event) => this.#executeEvent(call, prepared, event),
      (thrown) => this.#cleanOne(call, thrown),
    );
  }

  async #executeEvent(
    call: Call,
    prepared: PreparedOperation,
    event: unknown,
  ): Promise<ExecutionResult> {
    const result = await this.#execute(call, prepared, event);
    if (!result.errors?.length) return result;
    return { ...result, errors: this.#clean(call, result.errors) };
  }

  #execute(
    call: Call,
    { schema, document, definition, compiled, variables, params }: PreparedOperation,
    rootValue: unknown,
  ): MaybePromise<ExecutionResult> {
    const contextValue = this.#context(call);
    if (compiled) {
      return compiled.execute(contextValue, variables, rootValue, this.#options.answerLimits);
    }
    this.#options.onFallback();
    return execute({
      schema,
      document,
      contextValue,
      rootValue,
      variableValues: params.variables,
      operationName: definition.name?.value,
    });
  }

  #context(call: Call): GraphQLContext {
    return { services: this.#options.services, call };
  }

  #toAnswer(call: ServerCall, result: ExecutionResult): GraphQLAnswer {
    if (!result.errors?.length) return { result, refusal: undefined };
    return { result: { ...result, errors: this.#clean(call, result.errors) }, refusal: undefined };
  }

  #refuse(call: ServerCall, thrown: unknown): GraphQLAnswer {
    const error = toServiceError(thrown);
    if (error.code === 'INTERNAL_SERVER_ERROR') this.#logDefect(call, error.cause ?? error);
    call.fail(error);
    return { result: { errors: [toGraphQLError(error)] }, refusal: error };
  }

  /** Errors as clients may see them. Defects are logged here, once. */
  #clean(call: Call, thrown: readonly unknown[]): GraphQLError[] {
    return thrown.slice(0, MAX_ERRORS).map((each) => this.#cleanOne(call, each));
  }

  #cleanOne(call: Call, thrown: unknown): GraphQLError {
    const { error, defect } = translate(thrown);
    if (defect !== undefined) this.#logDefect(call, defect, error);
    if (call instanceof ServerCall) {
      const { code } = error.extensions;
      call.fail(toRegistryError(error, thrown), isGraphQLCode(code) ? code : undefined);
    }
    return error;
  }

  #logDefect({ id }: Call, err: unknown, at?: GraphQLError): void {
    this.#options.logger.error({ requestId: id, err, path: at?.path }, 'operation failed');
  }
}

/** Longest name of an operation that is kept, in characters. */
const MAX_NAME = 100;

function toOperation({ definition }: PreparedOperation) {
  return { kind: definition.operation, name: definition.name?.value.slice(0, MAX_NAME) };
}

/** Whether an operation is answered by a stream of results. */
export function isSubscription({ definition }: PreparedOperation): boolean {
  return definition.operation === OperationTypeNode.SUBSCRIPTION;
}
