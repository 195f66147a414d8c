import { badInput } from '../../errors.ts';
import type { JsonReader } from '../../json/json-reader.ts';

/** A GraphQL request, whatever brought it. */
export interface OperationParams {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  /** Names a trusted document instead of the query, which is empty then. */
  readonly documentId?: unknown;
}

/**
 * Reads the parameters of a JSON body, or of the payload of an operation over WebSocket.
 *
 * @throws {ServiceError} `BAD_USER_INPUT` with what is expected
 */
export function readParams(body: unknown): OperationParams {
  if (Array.isArray(body)) {
    throw badInput('Several operations in one request are not supported; send one at a time.');
  }
  if (typeof body !== 'object' || body === null) {
    throw badInput('The body must be a JSON object with the key query.');
  }
  const { query, variables, operationName, extensions, documentId } = body as Record<
    string,
    unknown
  >;
  const isNamed = documentId !== undefined || extensions !== undefined;
  if (typeof query !== 'string' && !(isNamed && (query === undefined || query === null))) {
    throw badInput('query: expected a string with a GraphQL operation');
  }
  return {
    query: query ?? '',
    variables: optionalObject('variables', variables),
    operationName: optionalString('operationName', operationName),
    extensions: optionalObject('extensions', extensions),
    ...(documentId !== undefined && documentId !== null && { documentId }),
  };
}

/**
 * Reads the parameters of a query string.
 *
 * @param search what stands after the `?`
 * @throws {ServiceError} `BAD_USER_INPUT` with what is expected, or `JSON_TOO_COMPLEX`
 */
export function readSearchParams(search: string, json: JsonReader): OperationParams {
  const parseParameter = (name: string, text: string | null): unknown => {
    if (text === null || text === '') return undefined;
    json.check(Buffer.from(text));
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw badInput(`${name}: expected a JSON object`);
    }
  };
  const params = new URLSearchParams(search);
  return readParams({
    query: params.get('query') ?? undefined,
    operationName: params.get('operationName') ?? undefined,
    variables: parseParameter('variables', params.get('variables')),
    extensions: parseParameter('extensions', params.get('extensions')),
    documentId: params.get('documentId') ?? undefined,
  });
}

/** `null` stands for a parameter that is left out, as the specification has it. */
function optionalString(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badInput(`${name}: expected a string`);
  return value;
}

function optionalObject(
  name: string,
  value: unknown,
): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw badInput(`${name}: expected an object`);
  }
  return value as Readonly<Record<string, unknown>>;
}
