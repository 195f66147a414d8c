import { z } from 'zod';
import { MAX_EVENTS, MODEL_EVENT_KINDS } from '../../services/model-events.ts';
import { limitParameter, readLimit } from './limit-parameter.ts';
import { json, type RestRoute } from './route.ts';

const eventsSchema = z
  .object({
    events: z.array(
      z
        .object({
          kind: z.enum(MODEL_EVENT_KINDS),
          model: z.string(),
          version: z
            .string()
            .nullable()
            .meta({ description: 'null if the event concerns the whole model.' }),
          message: z.string().meta({ description: 'What happened, in words.' }),
          timestamp: z.string().meta({ description: 'ISO 8601.' }),
        })
        .meta({ id: 'ModelEvent', description: 'A change of a model or one of its versions.' }),
    ),
  })
  .meta({ id: 'ModelEvents', description: 'Events of the models, newest first.' });

/** `GET /events`. */
export const eventsRoute: RestRoute = {
  method: 'GET',
  path: '/events',
  operationId: 'modelEvents',
  summary: 'Events of the models',
  description:
    `Events since this replica started, newest first. The last ${MAX_EVENTS} are remembered. ` +
    'The GraphQL subscription `modelEvents` tells them as they happen.',
  tags: ['Operations'],
  parameters: [
    {
      name: 'model',
      in: 'query',
      description: 'Model to report on. Defaults to all models.',
      schema: z.string(),
    },
    limitParameter(MAX_EVENTS),
  ],
  responses: {
    200: { description: 'The events.', content: { 'application/json': eventsSchema } },
  },
  errors: ['BAD_USER_INPUT', 'MODEL_NOT_FOUND'],
  handle({ call, query }, { modelEvents }) {
    const limit = readLimit(query, MAX_EVENTS);
    const events = modelEvents.list(call, query.get('model') ?? undefined, limit);
    return json({
      events: events.map(({ kind, model, version, message, timestamp }) => ({
        kind,
        model,
        version,
        message,
        timestamp: new Date(timestamp).toISOString(),
      })),
    });
  },
};
