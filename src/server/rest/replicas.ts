import { z } from 'zod';
import { HEALTH_STATUSES, VERSION_STATES } from '../../services/model-status.ts';
import type { ReplicaStatus } from '../../services/replica-status.ts';
import { json, type RestRoute } from './route.ts';

const replicasSchema = z
  .object({
    replicas: z.array(
      z
        .object({
          id: z.string().meta({ description: 'New at every start.' }),
          self: z.boolean().meta({ description: 'Whether it is the one that answers.' }),
          host: z.string().nullable().meta({ description: 'Name of its machine or container.' }),
          version: z.string().nullable().meta({ description: 'Version of the server.' }),
          status: z.enum(HEALTH_STATUSES).nullable(),
          ready: z.boolean().nullable().meta({ description: 'Whether it accepts traffic.' }),
          uptime_seconds: z.number(),
          total_requests: z.number(),
          failed_requests: z.number(),
          throughput: z
            .number()
            .meta({ description: 'Predictions per second over the last ten seconds.' }),
          in_flight: z.number(),
          queued_rows: z.number(),
          p95_latency_ms: z.number().nullable().meta({ description: 'Over the last minute.' }),
          models: z.array(
            z.object({
              name: z.string(),
              state: z.enum(VERSION_STATES),
              version: z.string().nullable().meta({ description: 'The serving version.' }),
            }),
          ),
        })
        .meta({
          id: 'Replica',
          description:
            'A process of the server. What a replica of an older version does not report is null.',
        }),
    ),
  })
  .meta({ id: 'Replicas', description: 'The replicas, the one that answers first.' });

/** `GET /replicas`. */
export const replicasRoute: RestRoute = {
  method: 'GET',
  path: '/replicas',
  operationId: 'replicas',
  summary: 'Replicas of the server',
  description: 'Those that share a Redis; without Redis, only the one that answers.',
  tags: ['Operations'],
  responses: {
    200: { description: 'The replicas.', content: { 'application/json': replicasSchema } },
  },
  errors: [],
  async handle({ call }, { replicas }) {
    return json({ replicas: (await replicas.list(call)).map(toAnswer) });
  },
};

function toAnswer(replica: ReplicaStatus): object {
  return {
    id: replica.id,
    self: replica.isSelf,
    host: replica.host,
    version: replica.serverVersion,
    status: replica.status,
    ready: replica.ready,
    uptime_seconds: replica.uptimeSeconds,
    total_requests: replica.totalRequests,
    failed_requests: replica.failedRequests,
    throughput: replica.throughput,
    in_flight: replica.inFlight,
    queued_rows: replica.queuedRows,
    p95_latency_ms: replica.p95Ms,
    models: replica.models.map(({ name, state, servingVersion }) => ({
      name,
      state,
      version: servingVersion,
    })),
  };
}
