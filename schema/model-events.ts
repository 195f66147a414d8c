import type { Call } from '../src/services/call.ts';
import { Repeater, SlidingBuffer } from 'graphql-yoga';
import type { ModelEvent, ModelEventKind } from '../src/services/model-events.ts';
import type { ModelEventService, ModelService } from '../src/services/services.ts';
import { ServiceError } from '../src/errors.ts';
import type { Builder } from './builder.ts';

/** Events kept for a client that reads slowly; the oldest go first. */
const BUFFER = 256;

/** Defines the subscription `modelEvents`. */
export function defineModelEvents(builder: Builder): void {
  const kind = builder.enumType('ModelEventKind', {
    description: 'What happened to a model.',
    values: {
      LOADED: { description: 'A version was loaded and warmed.' },
      FAILED: { description: 'A version could not be loaded, or was refused.' },
      UNLOADED: { description: 'A version has drained, and its memory is freed.' },
      TRAFFIC_CHANGED: { description: 'Requests are spread over the versions in another way.' },
      ROLLED_BACK: { description: 'A canary crossed the limits of model.yaml and has no share.' },
    } satisfies Record<ModelEventKind, { description: string }>,
  });

  const event = builder.objectRef<ModelEvent>('ModelEvent');
  event.implement({
    description: 'Something that happened to a model or one of its versions.',
    fields: (t) => ({
      kind: t.expose('kind', { type: kind, description: 'What happened.' }),
      model: t.exposeString('model', { description: 'Name of the model.' }),
      version: t.exposeString('version', {
        nullable: true,
        description: 'Version; null where the whole model is meant.',
      }),
      message: t.exposeString('message', { description: 'Why, in words and numbers.' }),
      timestamp: t.exposeFloat('timestamp', { description: 'Milliseconds since 1970 (UTC).' }),
    }),
  });

  builder.subscriptionField('modelEvents', (t) =>
    t.field({
      type: event,
      description:
        `What happens to the models from now on. A client that reads slowly misses the oldest ` +
        `of more than ${BUFFER} events.`,
      args: { model: t.arg.string({ description: 'Name of a model. Left out: all.' }) },
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
