import { badInput, ServiceError, toServiceError } from '../../../errors.ts';
import { toRefusal } from '../graphql-errors.ts';
import { parseJson, readBody, requireJson } from '../../http/request-body.ts';
import { GRAPHQL_PATH, pathOf, type ServerPlugin } from '../../http/server-context.ts';

interface Params {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: Record<string, unknown>;
}

/**
 * Reads the parameters of a GraphQL request: POST with a JSON body, or GET with a query string.
 * Stands in for Yoga's own parsers, which also take forms and plain text (which other sites may post
 * unasked) and wrap every body in a web stream.
 *
 * @param maxBodyBytes largest body
 */
export function useGraphQLRequest(maxBodyBytes: number): ServerPlugin {
  return {
    onRequest(event) {
      const { req } = event.serverContext;
      if (req.method === 'POST' || req.method === 'GET' || pathOf(req) !== GRAPHQL_PATH) return;
      const refusal = new ServiceError('METHOD_NOT_ALLOWED', 'GraphQL answers to GET and POST.');
      event.endResponse(
        new event.fetchAPI.Response(
          JSON.stringify({
            errors: [{ message: refusal.message, extensions: { code: refusal.code } }],
          }),
          {
            status: refusal.status,
            headers: { 'Content-Type': 'application/json; charset=utf-8', Allow: 'GET, POST' },
          },
        ),
      );
    },
    onRequestParse({ serverContext: { req }, setRequestParser }) {
      setRequestParser(async () => {
        try {
          if (req.method === 'GET') return fromQueryString(req.url ?? '');
          requireJson(req.headers['content-type'], req.headers['content-encoding']);
          return fromBody(parseJson(await readBody(req, maxBodyBytes)));
        } catch (thrown) {
          throw toRefusal(toServiceError(thrown));
        }
      });
    },
  };
}

function fromBody(body: unknown): Params {
  if (Array.isArray(body)) {
    throw badInput('Several operations in one request are not supported; send one at a time.');
  }
  if (typeof body !== 'object' || body === null) {
    throw badInput('The body must be a JSON object with the key query.');
  }
  const { query, variables, operationName, extensions } = body as Record<string, unknown>;
  if (typeof query !== 'string')
    throw badInput('query: expected a string with a GraphQL operation');
  return {
    query,
    ...(isGiven(operationName) && { operationName: expectString('operationName', operationName) }),
    ...(isGiven(variables) && { variables: expectObject('variables', variables) }),
    ...(isGiven(extensions) && { extensions: expectObject('extensions', extensions) }),
  };
}

/** `null` stands for a parameter that is left out, as the specification has it. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function fromQueryString(url: string): Params {
  const start = url.indexOf('?');
  const search = new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
  return fromBody({
    query: search.get('query') ?? undefined,
    operationName: search.get('operationName') ?? undefined,
    variables: parseParameter('variables', search.get('variables')),
    extensions: parseParameter('extensions', search.get('extensions')),
  });
}

function parseParameter(name: string, text: string | null): unknown {
  if (text === null || text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badInput(`${name}: expected a JSON object`);
  }
}

function expectString(name: string, value: unknown): string {
  if (typeof value !== 'string') throw badInput(`${name}: expected a string`);
  return value;
}

function expectObject(name: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badInput(`${name}: expected an object`);
  }
  return value as Record<string, unknown>;
}
