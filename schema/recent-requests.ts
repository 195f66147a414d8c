import { TRANSPORTS } from '../src/services/call.ts';
import {
  MAX_RECENT_REQUESTS,
  type RecentRequest,
  type RequestKind,
} from '../src/services/recent-request.ts';
import type { Builder } from './builder.ts';

/** Defines the query `recentRequests`. */
export function defineRecentRequests(builder: Builder): void {
  const kind = builder.enumType('RequestKind', {
    description: 'Why a request is listed.',
    values: {
      FAILED: { description: 'The server failed to answer it.' },
      REFUSED: {
        description: 'It was refused: bad input, a limit, or a missing permission.',
      },
      SLOW: { description: 'It took at least SLOW_REQUEST_MS.' },
    } satisfies Record<RequestKind, { description: string }>,
  });
  const transport = builder.enumType('Transport', {
    description: 'What brought a request.',
    values: Object.fromEntries(TRANSPORTS.map((value) => [value.toUpperCase(), { value }])),
  });
  const request = builder.objectRef<RecentRequest>('RecentRequest');
  request.implement({
    description: 'A request that failed, was refused or was slow.',
    fields: (t) => ({
      id: t.exposeID('id', {
        description: 'ID of the request, which is also in the log and in `X-Request-Id`.',
      }),
      timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it ended.' }),
      kind: t.expose('kind', { type: kind, description: 'Why it is listed.' }),
      transport: t.expose('transport', { type: transport, description: 'What brought it.' }),
      method: t.exposeString('method', { description: 'HTTP method, or what comes closest.' }),
      path: t.exposeString('path', {
        description: 'Path without the query string, or the name of the remote procedure.',
      }),
      operation: t.exposeString('operation', {
        nullable: true,
        description: 'Name or kind of the operation; null if it could not be read.',
      }),
      models: t.stringList({
        description: 'Models that it requested predictions from.',
        resolve: ({ models }) => [...models],
      }),
      rows: t.exposeInt('rows', { description: 'Predictions that it requested.' }),
      status: t.exposeInt('status', { description: 'HTTP status, or what comes closest.' }),
      code: t.exposeString('code', {
        nullable: true,
        description: 'Code of its first error; null if it was only slow.',
      }),
      message: t.exposeString('message', {
        nullable: true,
        description:
          'What went wrong. For bad input, only its kind, unless RECENT_REQUEST_INPUTS is set.',
      }),
      aborted: t.exposeBoolean('aborted', {
        description: 'Whether the client left before the answer was complete.',
      }),
      durationMs: t.exposeFloat('durationMs', { description: 'Duration in milliseconds.' }),
      traceId: t.exposeString('traceId', {
        nullable: true,
        description: 'ID of its trace; null if neither the server nor the client traces it.',
      }),
      caller: t.exposeString('caller', {
        nullable: true,
        description: 'ID of the caller. Requires the scope access:admin.',
      }),
      input: t.exposeString('input', {
        nullable: true,
        description: 'Beginning of the first input; null unless RECENT_REQUEST_INPUTS is set.',
      }),
    }),
  });
  builder.queryField('recentRequests', (t) =>
    t.field({
      type: [request],
      description:
        'Failed, refused and slow requests of the last 15 minutes on this replica, newest first. ' +
        'A caller limited to some models sees those that concern only these.',
      args: {
        model: t.arg.string({ description: 'Name of the model. Defaults to all models.' }),
        kind: t.arg({ type: kind, description: 'Defaults to all kinds.' }),
        limit: t.arg.int({
          defaultValue: 100,
          description: `Number of requests, 1 to ${MAX_RECENT_REQUESTS}.`,
          validate: { min: 1, max: MAX_RECENT_REQUESTS },
        }),
      },
      resolve: (_root, args, { services, call }) => [
        ...services.recentRequests.list(call, {
          model: args.model ?? undefined,
          kind: args.kind ?? undefined,
          limit: args.limit ?? undefined,
        }),
      ],
    }),
  );
}
