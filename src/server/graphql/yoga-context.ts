import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { ServerCall } from '../call/server-call.ts';
import type { Exchange } from '../http/exchange.ts';

/** What Yoga is given with each HTTP request. */
export interface YogaContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly exchange: Exchange;
  /** Opened and admitted by the pipeline. */
  readonly call: ServerCall;
}

/** A Yoga plugin of this server. */
export type ServerPlugin = Plugin<object, YogaContext, object>;
