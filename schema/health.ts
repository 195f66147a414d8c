import type { HealthReport, HealthStatus } from '../src/services/model-status.ts';
import type { Builder } from './builder.ts';
import type { ModelRefs } from './model.ts';

/** Defines the query `health`. */
export function defineHealth(builder: Builder, { model }: ModelRefs): void {
  const status = builder.enumType('HealthStatus', {
    description: 'Overall state, in the same words as on REST.',
    values: {
      healthy: { description: 'All models serve.', value: 'healthy' },
      degraded: { description: 'Some model or part is impaired; others serve.', value: 'degraded' },
      unhealthy: { description: 'No model can serve.', value: 'unhealthy' },
    } satisfies Record<HealthStatus, { description: string; value: HealthStatus }>,
  });

  const health = builder.objectRef<HealthReport>('Health');
  health.implement({
    description: 'How the server is.',
    fields: (t) => ({
      status: t.expose('status', { type: status, description: 'Overall state.' }),
      modelLoaded: t.exposeBoolean('modelLoaded', {
        description: 'Whether at least one model can serve.',
      }),
      ready: t.exposeBoolean('ready', {
        description: 'Whether loading has finished and the server takes traffic.',
      }),
      reasons: t.stringList({
        description: 'Why the status is not healthy, one line each.',
        resolve: ({ reasons }) => [...reasons],
      }),
      uptimeSeconds: t.exposeFloat('uptimeSeconds', {
        description: 'Time since the start of the server, in seconds.',
      }),
      serverVersion: t.exposeString('serverVersion', { description: 'Version of the server.' }),
      models: t.field({
        type: [model],
        description: 'State of each model, in alphabetical order.',
        resolve: ({ models }) => [...models],
      }),
    }),
  });

  builder.queryField('health', (t) =>
    t.field({
      type: health,
      description: 'How the server and its models are.',
      resolve: (_root, _args, { services, call }) => services.health.report(call),
    }),
  );
}
