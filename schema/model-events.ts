import type { Call } from '../src/services/call.ts';
import { Repeater, SlidingBuffer } from 'graphql-yoga';
import { MAX_EVENTS, type ModelEvent, type ModelEventKind } from '../src/services/model-events.ts';
import type { ModelEventService, ModelService } from '../src/services/services.ts';
import { ServiceError } from '../src/errors.ts';
import type { Builder } from './builder.ts';

/** Events kept for a client that reads slowly; the oldest go first. */
const BUFFER = 256;

/** Defines the query and the subscription `modelEvents`. */
export function defineModelEvents(builder: Builder): void {
  const kind = builder.enumType('ModelEventKind', {
    description: 'Kind of a model event.',
    values: {
      LOADED: { description: 'A version was loaded and warmed up.' },
      FAILED: { description: 'A version failed to load or was rejected.' },
      UNLOADED: { description: 'A version was drained and its memory freed.' },
      TRAFFIC_CHANGED: { description: 'The traffic split or shadow changed.' },
      DRIFT: { description: 'The state of drift has changed; see `driftAlerts`.' },
      ROLLED_BACK: {
        description: 'A canary crossed the limits in model.yaml and no longer receives traffic.',
      },
    } satisfies Record<ModelEventKind, { description: string }>,
  });

  const event = builder.objectRef<ModelEvent>('ModelEvent');
  event.implement({
    description: 'A change of a model or one of its versions.',
    fields: (t) => ({
      kind: t.expose('kind', { type: kind, description: 'Kind of event.' }),
      model: t.exposeString('model', { description: 'Name of the model.' }),
      version: t.exposeString('version', {
        nullable: true,
        description: 'Version concerned; null if the event concerns the whole model.',
      }),
      message: t.exposeString('message', { description: 'What happened, in words.' }),
      timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it happened.' }),
    }),
  });

  builder.queryField('modelEvents', (t) =>
    t.field({
      type: [event],
      description:
        'Events of all models, or of one, since this replica started, newest first. ' +
        `The last ${MAX_EVENTS} are remembered.`,
      args: {
        model: t.arg.string({ description: 'Name of the model. Defaults to all models.' }),
        limit: t.arg.int({
          defaultValue: 100,
          description: `Number of events, 1 to ${MAX_EVENTS}.`,
          validate: { min: 1, max: MAX_EVENTS },
        }),
      },
      resolve: (_root, { model, limit }, { services, call }) => [
        ...services.modelEvents.list(call, model ?? undefined, limit ?? 100),
      ],
    }),
  );
  builder.subscriptionField('modelEvents', (t) =>
    t.field({
      type: event,
      description:
        `Events of all models, or of one, as they happen. At most ${BUFFER} events are buffered ` +
        `for a slow client; the oldest are dropped first.`,
      args: { model: t.arg.string({ description: 'Name of the model. Defaults to all models.' }) },
      subscribe: (_root, { model }, { services, call }) =>
        subscribeToEvents(services, model ?? undefined, call),
      resolve: (payload) => payload,
    }),
  );
}

/**
 * Events as an async iterator; a Repeater, so that its clean-up runs at once when the client goes.
 *
 * @throws {ServiceError} `MODEL_NOT_FOUND`
 */
function subscribeToEvents(
  { modelEvents, models }: { modelEvents: ModelEventService; models: ModelService },
  model: string | undefined,
  call: Call,
): AsyncIterable<ModelEvent> {
  // An unknown model fails the subscription itself: it would wait for ever.
  if (model !== undefined && !models.get(call, model)) {
    const served = models.list(call).map(({ name }) => `"${name}"`);
    throw new ServiceError(
      'MODEL_NOT_FOUND',
      `There is no model "${model}"; served: ${served.join(', ') || 'none'}.`,
    );
  }
  return new Repeater<ModelEvent>(async (push, stop) => {
    const unsubscribe = modelEvents.subscribe(call, (event) => {
      if (model === undefined || event.model === model) void push(event);
    });
    const end = (): void => stop();
    call.signal?.addEventListener('abort', end);
    if (call.signal?.aborted) stop();
    await stop;
    call.signal?.removeEventListener('abort', end);
    unsubscribe();
  }, new SlidingBuffer(BUFFER));
}
