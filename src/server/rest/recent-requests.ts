import { z } from 'zod';
import { badInput } from '../../errors.ts';
import { TRANSPORTS } from '../../services/call.ts';
import {
  MAX_RECENT_REQUESTS,
  REQUEST_KINDS,
  type RecentRequest,
  type RequestKind,
} from '../../services/recent-request.ts';
import { limitParameter, readLimit } from './limit-parameter.ts';
import { json, type RestRoute } from './route.ts';

const requestsSchema = z
  .object({
    requests: z.array(
      z
        .object({
          id: z.string().meta({ description: 'Also in the log and in `X-Request-Id`.' }),
          timestamp: z.string().meta({ description: 'When it ended, in ISO 8601.' }),
          kind: z.enum(REQUEST_KINDS),
          transport: z.enum(TRANSPORTS),
          method: z.string(),
          path: z.string(),
          operation: z.string().nullable(),
          models: z
            .array(z.string())
            .meta({ description: 'Models that it requested predictions from.' }),
          rows: z.int().meta({ description: 'Predictions that it requested.' }),
          status: z.int(),
          code: z.string().nullable().meta({ description: 'null if it was only slow.' }),
          message: z.string().nullable().meta({
            description: 'For bad input, only its kind, unless RECENT_REQUEST_INPUTS is set.',
          }),
          aborted: z
            .boolean()
            .meta({ description: 'Whether the client left before the answer was complete.' }),
          duration_ms: z.number(),
          trace_id: z.string().nullable().meta({
            description: 'null if neither the server nor the client traces it.',
          }),
          caller: z.string().nullable().meta({ description: 'Requires the scope access:admin.' }),
          input: z.string().nullable().meta({
            description: 'Beginning of the first input; null unless RECENT_REQUEST_INPUTS is set.',
          }),
        })
        .meta({
          id: 'RecentRequest',
          description: 'A request that failed, was refused or was slow.',
        }),
    ),
  })
  .meta({ id: 'RecentRequests', description: 'Requests of the last 15 minutes, newest first.' });

/** `GET /requests`. */
export const recentRequestsRoute: RestRoute = {
  method: 'GET',
  path: '/requests',
  operationId: 'recentRequests',
  summary: 'Failed, refused and slow requests',
  description:
    'Those of the last 15 minutes on this replica, newest first. A caller limited to some models ' +
    'sees those that concern only these.',
  tags: ['Operations'],
  parameters: [
    {
      name: 'model',
      in: 'query',
      description: 'Model to report on. Defaults to all models.',
      schema: z.string(),
    },
    {
      name: 'kind',
      in: 'query',
      description: 'Defaults to all kinds.',
      schema: z.enum(REQUEST_KINDS),
    },
    limitParameter(MAX_RECENT_REQUESTS),
  ],
  responses: {
    200: { description: 'The requests.', content: { 'application/json': requestsSchema } },
  },
  errors: ['BAD_USER_INPUT', 'MODEL_NOT_FOUND'],
  handle({ call, query }, { recentRequests }) {
    const recent = recentRequests.list(call, {
      model: query.get('model') ?? undefined,
      kind: readKind(query.get('kind')),
      limit: readLimit(query, MAX_RECENT_REQUESTS),
    });
    return json({ requests: recent.map(toAnswer) });
  },
};

function readKind(text: string | null): RequestKind | undefined {
  if (text === null) return undefined;
  const kind = REQUEST_KINDS.find((each) => each === text);
  if (kind) return kind;
  throw badInput(`kind: expected one of ${REQUEST_KINDS.join(', ')}.`, { field: 'kind' });
}

function toAnswer({ durationMs, traceId, timestamp, ...request }: RecentRequest): object {
  return {
    ...request,
    timestamp: new Date(timestamp).toISOString(),
    duration_ms: durationMs,
    trace_id: traceId,
  };
}
