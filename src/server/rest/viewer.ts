import { z } from 'zod';
import { SCOPES } from '../../services/principal.ts';
import { json, type RestRoute } from './route.ts';

const viewerSchema = z
  .object({
    id: z.string().meta({
      description: 'ID of the API key, `token:` and a subject, or `address:` and an address.',
    }),
    name: z.string(),
    grants: z.array(
      z
        .object({
          scope: z.enum(SCOPES),
          models: z
            .array(z.string())
            .nullable()
            .meta({ description: 'Models that it is limited to; null for all models.' }),
        })
        .meta({ id: 'GrantedScope', description: 'A scope that is granted to the caller.' }),
    ),
  })
  .meta({ id: 'Viewer', description: 'The caller.' });

/** `GET /viewer`. */
export const viewerRoute: RestRoute = {
  method: 'GET',
  path: '/viewer',
  operationId: 'viewer',
  summary: 'The caller and its scopes',
  tags: ['Operations'],
  responses: {
    200: { description: 'The caller.', content: { 'application/json': viewerSchema } },
  },
  errors: [],
  handle({ call }, { viewer }) {
    return json(viewer.describe(call));
  },
};
