import { z } from 'zod';
import { modelSchema, nameParameter, toModelAnswer, trafficShareSchema } from './models.ts';
import { json, type RestRoute } from './route.ts';

const version = z.string().min(1).max(256);

const force = z
  .boolean()
  .default(false)
  .meta({ description: 'Takes a change that breaks the contract of what serves.' });

const loadBodySchema = z
  .strictObject({
    version: version
      .optional()
      .meta({ description: 'Version to load whatever the policy says. Left out: the policy.' }),
    force,
  })
  .meta({ id: 'LoadRequest', description: 'What to load.' });

const unloadBodySchema = z
  .strictObject({
    version: version.optional().meta({ description: 'Version to unload. Left out: all.' }),
  })
  .meta({ id: 'UnloadRequest', description: 'What to unload.' });

const reloadBodySchema = z
  .strictObject({
    model: version.optional().meta({ description: 'Name of the model. Left out: all.' }),
    force,
  })
  .meta({ id: 'ReloadRequest', description: 'What to read again.' });

const trafficBodySchema = z
  .strictObject({
    split: z.array(trafficShareSchema).max(100).optional().meta({
      description: 'Shares; what is left of 100 percent goes to the serving version.',
    }),
    shadow: trafficShareSchema
      .optional()
      .meta({ description: 'Version that runs a share of the requests too. Left out: none.' }),
  })
  .meta({ id: 'TrafficRequest', description: 'How to spread requests that name no version.' });

const answer = (description: string) => ({
  200: { description, content: { 'application/json': modelSchema } },
});

/** `POST /models/{name}/load`. */
export const loadRoute: RestRoute<z.infer<typeof loadBodySchema>> = {
  method: 'POST',
  path: '/models/{name}/load',
  operationId: 'loadModel',
  summary: 'Load a model',
  description: 'Loads it, or one version of it, beside what serves; answers when it is ready.',
  tags: ['Models'],
  parameters: [nameParameter],
  requestSchema: loadBodySchema,
  bodyOptional: true,
  responses: answer('The model as it serves now.'),
  errors: ['MODEL_NOT_FOUND', 'CONFLICT', 'MODEL_NOT_READY'],
  async handle({ call, params, body }, { admin }) {
    return json(
      toModelAnswer(await admin.loadModel(call, params.name ?? '', body.version, body.force)),
    );
  },
};

/** `POST /models/{name}/unload`. */
export const unloadRoute: RestRoute<z.infer<typeof unloadBodySchema>> = {
  method: 'POST',
  path: '/models/{name}/unload',
  operationId: 'unloadModel',
  summary: 'Unload a model',
  description: 'Takes it, or one version of it, out of memory; answers when it is freed.',
  tags: ['Models'],
  parameters: [nameParameter],
  requestSchema: unloadBodySchema,
  bodyOptional: true,
  responses: answer('The model as it is now.'),
  errors: ['MODEL_NOT_FOUND'],
  async handle({ call, params, body }, { admin }) {
    return json(toModelAnswer(await admin.unloadModel(call, params.name ?? '', body.version)));
  },
};

/** `POST /models/reload`. */
export const reloadRoute: RestRoute<z.infer<typeof reloadBodySchema>> = {
  method: 'POST',
  path: '/models/reload',
  operationId: 'reloadModels',
  summary: 'Read the models folder again',
  description: 'Takes what has changed in one folder, or in all, and answers when it serves.',
  tags: ['Models'],
  requestSchema: reloadBodySchema,
  bodyOptional: true,
  responses: {
    200: {
      description: 'The models that were looked at.',
      content: { 'application/json': z.object({ models: z.array(modelSchema) }) },
    },
  },
  errors: ['MODEL_NOT_FOUND', 'CONFLICT'],
  async handle({ call, body }, { admin }) {
    const models = await admin.reloadModels(call, body.model, body.force);
    return json({ models: models.map(toModelAnswer) });
  },
};

/** `PUT /models/{name}/traffic`. */
export const trafficRoute: RestRoute<z.infer<typeof trafficBodySchema>> = {
  method: 'PUT',
  path: '/models/{name}/traffic',
  operationId: 'setTraffic',
  summary: 'Split the traffic of a model',
  description:
    'Spreads the requests that name no version, instead of what model.yaml says. With neither ' +
    '`split` nor `shadow`, model.yaml counts again.',
  tags: ['Models'],
  parameters: [nameParameter],
  requestSchema: trafficBodySchema,
  responses: answer('The model with its new traffic.'),
  errors: ['MODEL_NOT_FOUND'],
  handle({ call, params, body: { split, shadow } }, { admin }) {
    const traffic = split || shadow ? { split: split ?? [], shadow: shadow ?? null } : null;
    return json(toModelAnswer(admin.setTraffic(call, params.name ?? '', traffic)));
  },
};
