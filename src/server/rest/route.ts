import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ErrorCode } from '../../errors.ts';
import type { Call } from '../../services/call.ts';
import type { Services } from '../../services/services.ts';
import type { UploadFields } from './schemas.ts';

/** A request as a REST route sees it, whatever carries it. */
export interface RestRequest<Body = unknown> {
  readonly call: Call;
  /** The parsed and validated body; `undefined` for routes without one. */
  readonly body: Body;
  /** Values of the `{names}` in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** A header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
}

/** An answer; an object is sent as JSON. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | object;
}

/** A parameter outside of the body, as the documentation shows it. */
export interface RestParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  /** Checks the raw text where the route does not do it itself. */
  readonly schema: z.ZodType;
  readonly required?: boolean;
}

/** One kind of answer, as the documentation shows it. */
export interface RestAnswer {
  readonly description: string;
  /** Media type → schema. */
  readonly content: Readonly<Record<string, z.ZodType>>;
}

/** How a route takes images as files: in a form, or as a body that is an image itself. */
export interface RestUpload<Body> {
  /** Most images in one request. */
  readonly maxImages: number;
  /**
   * The same request as the body in JSON.
   *
   * @param images at least one, in the order in which they came
   */
  toBody(images: readonly [Uint8Array, ...Uint8Array[]], fields: UploadFields): Body;
}

/** One route: what it takes, what it answers, and what does it. */
export interface RestRoute<Body = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Exact path; `{name}` stands for one segment. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly RestParameter[];
  /** Validates the body, and describes it in OpenAPI. */
  readonly requestSchema?: z.ZodType<Body>;
  /**
   * Looks at a body before it is validated, where that would take long.
   *
   * @throws {ServiceError} to refuse it
   */
  readonly refuse?: (body: unknown) => void;
  /** How it takes images as files. @default it does not */
  readonly upload?: RestUpload<Body>;
  /** Whether no body at all stands for an empty object. @default false */
  readonly bodyOptional?: boolean;
  /** Whether it is a probe or a scrape: answered in overload and shutdown too. @default false */
  readonly isProbe?: boolean;
  /** Whether it answers without knowing who asks: it tells no names. @default false */
  readonly isPublic?: boolean;
  /** HTTP status → answer. */
  readonly responses: Readonly<Record<number, RestAnswer>>;
  /** Errors that it may answer, besides those that any route may. */
  readonly errors: readonly ErrorCode[];
  handle(request: RestRequest<Body>, services: Services): RestResponse | Promise<RestResponse>;
}

/** What the REST API stands on. */
export interface RestDependencies {
  readonly services: Services;
  readonly logger: Logger;
}

/** Answers 200 (or another status) with JSON that nobody keeps. */
export function json(body: object, status = 200): RestResponse {
  return { status, headers: NO_STORE, body };
}

const NO_STORE: Readonly<Record<string, string>> = { 'Cache-Control': 'no-store' };
