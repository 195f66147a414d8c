import type { ReplicaModel, ReplicaStatus } from '../src/services/replica-status.ts';
import type { Builder } from './builder.ts';
import type { HealthRefs } from './health.ts';
import type { ModelRefs } from './model.ts';

/** Defines the query `replicas`. */
export function defineReplicas(
  builder: Builder,
  { healthStatus, modelState }: HealthRefs & Pick<ModelRefs, 'modelState'>,
): void {
  const model = builder.objectRef<ReplicaModel>('ReplicaModel');
  model.implement({
    description: 'State of a model on one replica.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the model.' }),
      state: t.expose('state', { type: modelState, description: 'State of the serving version.' }),
      servingVersion: t.exposeString('servingVersion', {
        nullable: true,
        description: 'Version that answers if a request names none; null if none can.',
      }),
    }),
  });
  const replica = builder.objectRef<ReplicaStatus>('Replica');
  replica.implement({
    description: 'A process of the server, as it last reported.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Identifier, new at every start.' }),
      isSelf: t.exposeBoolean('isSelf', { description: 'Whether it is the one that answers.' }),
      host: t.exposeString('host', {
        nullable: true,
        description: 'Name of its machine or container; null if its version does not report it.',
      }),
      serverVersion: t.exposeString('serverVersion', {
        nullable: true,
        description: 'Version of the server; null if it does not report it.',
      }),
      status: t.expose('status', {
        type: healthStatus,
        nullable: true,
        description: 'Overall state; null if it does not report it.',
      }),
      ready: t.exposeBoolean('ready', {
        nullable: true,
        description: 'Whether it accepts traffic; null if it does not report it.',
      }),
      uptimeSeconds: t.exposeFloat('uptimeSeconds', {
        description: 'Time since it started, in seconds.',
      }),
      totalRequests: t.expose('totalRequests', {
        type: 'SafeInt',
        description: 'Predictions requested since it started.',
      }),
      failedRequests: t.expose('failedRequests', {
        type: 'SafeInt',
        description: 'Predictions that failed since it started.',
      }),
      throughput: t.exposeFloat('throughput', {
        description: 'Predictions per second, averaged over the last ten seconds.',
      }),
      inFlight: t.exposeInt('inFlight', { description: 'Predictions in progress.' }),
      queuedRows: t.exposeInt('queuedRows', { description: 'Rows waiting for a worker.' }),
      p95LatencyMs: t.exposeFloat('p95Ms', {
        nullable: true,
        description:
          '95th percentile of latency over the last minute, in milliseconds; null if there were ' +
          'no predictions.',
      }),
      models: t.field({
        type: [model],
        description: 'Its models, as far as the caller may see them.',
        resolve: ({ models }) => [...models],
      }),
    }),
  });
  builder.queryField('replicas', (t) =>
    t.field({
      type: [replica],
      description:
        'Replicas that share a Redis, the one that answers first; without Redis, only that one.',
      resolve: async (_root, _args, { services, call }) => [
        ...(await services.replicas.list(call)),
      ],
    }),
  );
}
