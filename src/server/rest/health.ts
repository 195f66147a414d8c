import { z } from 'zod';
import { VERSION_STATES, type HealthReport } from '../../services/model-status.ts';
import { json, type RestRoute } from './route.ts';

/** Health as it is answered. */
export const healthSchema = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy']).meta({
      description: 'degraded: a model or a component is impaired; unhealthy: no model can serve.',
    }),
    model_loaded: z.boolean().meta({ description: 'Whether at least one model can serve.' }),
    ready: z.boolean().meta({ description: 'Whether the server accepts traffic.' }),
    reasons: z.array(z.string()).meta({ description: 'Reasons if the server is not healthy.' }),
    loading: z
      .object({ done: z.int(), total: z.int() })
      .nullable()
      .meta({ description: 'Progress of loading; null when nothing is being loaded.' }),
    uptime_seconds: z.number(),
    version: z.string().meta({ description: 'Version of the server.' }),
    models: z.array(
      z.object({
        name: z.string(),
        state: z.enum(VERSION_STATES),
        version: z.string().nullable().meta({ description: 'The serving version.' }),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Health', description: 'How the server and its models are.' });

const probeSchema = z.object({ status: z.string() }).meta({ id: 'Probe' });

const readinessSchema = z
  .object({
    status: z.enum(['ready', 'not ready']),
    reasons: z
      .array(z.string())
      .optional()
      .meta({ description: 'Why not; told to those who may read the models.' }),
  })
  .meta({ id: 'Readiness', description: 'Whether the process accepts traffic.' });

/** `GET /health`. */
export const healthRoute: RestRoute = {
  method: 'GET',
  path: '/health',
  isProbe: true,
  operationId: 'health',
  summary: 'Health of the server and its models',
  tags: ['Operations'],
  responses: {
    200: { description: 'Healthy or degraded.', content: { 'application/json': healthSchema } },
    503: { description: 'No model can serve.', content: { 'application/json': healthSchema } },
  },
  errors: [],
  handle({ call }, { health }) {
    const report = health.report(call);
    return json(toHealthAnswer(report), report.status === 'unhealthy' ? 503 : 200);
  },
};

/** `GET /livez`: answers as long as the event loop turns. */
export const livezRoute: RestRoute = {
  method: 'GET',
  path: '/livez',
  isProbe: true,
  isPublic: true,
  operationId: 'livez',
  summary: 'Whether the process is alive',
  description: 'For the liveness probe of an orchestrator.',
  tags: ['Operations'],
  responses: { 200: { description: 'Alive.', content: { 'application/json': probeSchema } } },
  errors: [],
  handle() {
    return json({ status: 'alive' });
  },
};

/** `GET /readyz`: 503 until loading has finished, and again in shutdown. */
export const readyzRoute: RestRoute = {
  method: 'GET',
  path: '/readyz',
  isProbe: true,
  isPublic: true,
  operationId: 'readyz',
  summary: 'Whether the process accepts traffic',
  description: 'For the readiness probe of an orchestrator.',
  tags: ['Operations'],
  responses: {
    200: { description: 'Ready.', content: { 'application/json': readinessSchema } },
    503: { description: 'Not ready.', content: { 'application/json': readinessSchema } },
  },
  errors: [],
  handle({ call }, { health }) {
    const report = health.report(call);
    if (report.ready) return json({ status: 'ready' });
    const status = 'not ready';
    if (!call.principal.allows('models:read')) return json({ status }, 503);
    return json({ status, reasons: whyNotReady(report) }, 503);
  },
};

/** Why the server does not take traffic: models, what is being done, or that it is told to stop. */
function whyNotReady({ loading, reasons, modelLoaded }: HealthReport): readonly string[] {
  if (loading) return [`Models are being loaded: ${loading.done} of ${loading.total}.`, ...reasons];
  return modelLoaded ? ['The server starts or stops.', ...reasons] : reasons;
}

function toHealthAnswer(report: HealthReport): object {
  return {
    status: report.status,
    model_loaded: report.modelLoaded,
    ready: report.ready,
    reasons: report.reasons,
    loading: report.loading,
    uptime_seconds: report.uptimeSeconds,
    version: report.serverVersion,
    models: report.models.map(({ name, state, servingVersion, reason }) => ({
      name,
      state,
      version: servingVersion,
      reason,
    })),
  };
}
