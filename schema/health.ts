import type { HealthReport, HealthStatus } from '../src/services/model-status.ts';
import type { Builder } from './builder.ts';
import type { ModelRefs } from './model.ts';

/** Defines the query `health`. */
export function defineHealth(builder: Builder, { model }: ModelRefs) {
  const loading = builder.objectRef<NonNullable<HealthReport['loading']>>('LoadProgress');
  loading.implement({
    description: 'How far loading models is.',
    fields: (t) => ({
      done: t.exposeInt('done', { description: 'Versions that are ready or have failed.' }),
      total: t.exposeInt('total', { description: 'Versions that are to be loaded.' }),
    }),
  });

  const status = builder.enumType('HealthStatus', {
    description: 'Overall state of the server.',
    values: {
      HEALTHY: { description: 'All models are serving.', value: 'healthy' },
      DEGRADED: {
        description: 'A model or component is impaired; the others are serving.',
        value: 'degraded',
      },
      UNHEALTHY: { description: 'No model can serve.', value: 'unhealthy' },
    } satisfies Record<string, { description: string; value: HealthStatus }>,
  });

  const health = builder.objectRef<HealthReport>('Health');
  health.implement({
    description: 'Health of the server.',
    fields: (t) => ({
      status: t.expose('status', { type: status, description: 'Overall state.' }),
      modelLoaded: t.exposeBoolean('modelLoaded', {
        description: 'Whether at least one model can serve.',
      }),
      ready: t.exposeBoolean('ready', {
        description: 'Whether loading has finished and the server accepts traffic.',
      }),
      reasons: t.stringList({
        description: 'Why the status is not HEALTHY, one reason per entry.',
        resolve: ({ reasons }) => [...reasons],
      }),
      loading: t.field({
        type: loading,
        nullable: true,
        description: 'How far loading models is; null when none is being loaded.',
        resolve: (parent) => parent.loading,
      }),
      uptimeSeconds: t.exposeFloat('uptimeSeconds', {
        description: 'Time since the server started, in seconds.',
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
      description: 'Health of the server and its models.',
      resolve: (_root, _args, { services, call }) => services.health.report(call),
    }),
  );
  return { healthStatus: status };
}

/** Types that other definitions refer to. */
export type HealthRefs = ReturnType<typeof defineHealth>;
