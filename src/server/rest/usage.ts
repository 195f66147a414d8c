import { z } from 'zod';
import type { PrincipalUsage } from '../../services/usage.ts';
import { json, type RestRoute } from './route.ts';

const usageSchema = z
  .object({
    usage: z.array(
      z
        .object({
          id: z.string().meta({
            description:
              'ID of an API key, `token:` and a subject, or `address:` and an address; `others` for callers that have long been silent.',
          }),
          name: z.string(),
          calls: z.int().meta({ description: 'Calls that made predictions.' }),
          rows: z.int().meta({
            description: 'Predictions that were asked for, including those from the cache.',
          }),
          compute_ms: z.number().meta({ description: 'Share of the compute time of the models.' }),
          refused: z
            .int()
            .meta({ description: 'Calls that were refused because of a rate limit.' }),
          last_used_at: z.string().meta({ description: 'ISO 8601.' }),
        })
        .meta({ id: 'PrincipalUsage', description: 'What a caller has used.' }),
    ),
  })
  .meta({ id: 'Usage', description: 'Usage by caller, the heaviest first.' });

/** `GET /usage`. */
export const usageRoute: RestRoute = {
  method: 'GET',
  path: '/usage',
  operationId: 'usage',
  summary: 'Usage by caller',
  description:
    'What each caller has used since the start of the replica that answers. Requires the scope `access:admin`.',
  tags: ['Operations'],
  responses: {
    200: { description: 'The usage.', content: { 'application/json': usageSchema } },
  },
  errors: [],
  handle: ({ call }, services) => json({ usage: services.usage.list(call).map(toAnswer) }),
};

function toAnswer(usage: PrincipalUsage): object {
  return {
    id: usage.id,
    name: usage.name,
    calls: usage.calls,
    rows: usage.rows,
    compute_ms: usage.computeMs,
    refused: usage.refused,
    last_used_at: new Date(usage.lastUsedAt).toISOString(),
  };
}
