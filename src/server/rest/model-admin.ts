import { z } from 'zod';
import { modelSchema, nameParameter, toModelAnswer, trafficShareSchema } from './models.ts';
import { json, type RestRoute } from './route.ts';

const version = z.string().min(1).max(256);

const force = z
  .boolean()
  .default(false)
  .meta({ description: 'Accepts a change that is incompatible with the serving version.' });

const loadBodySchema = z
  .strictObject({
    version: version.optional().meta({
      description:
        'Version to load even if the version policy of the model does not include it. Defaults to the versions of the policy.',
    }),
    force,
  })
  .meta({ id: 'LoadRequest', description: 'What to load.' });

const unloadBodySchema = z
  .strictObject({
    version: version
      .optional()
      .meta({ description: 'Version to unload. Defaults to all versions.' }),
  })
  .meta({ id: 'UnloadRequest', description: 'The model or version to unload.' });

const reloadBodySchema = z
  .strictObject({
    model: version.optional().meta({ description: 'Name of the model. Defaults to all models.' }),
    force,
  })
  .meta({ id: 'ReloadRequest', description: 'The models to reload.' });

const trafficBodySchema = z
  .strictObject({
    split: z.array(trafficShareSchema).max(100).optional().meta({
      description: 'Traffic split; the rest up to 100 percent goes to the serving version.',
    }),
    shadow: trafficShareSchema.optional().meta({
      description:
        'Version that also runs a share of the requests, for comparison only. Defaults to none.',
    }),
  })
  .meta({
    id: 'TrafficRequest',
    description: 'Traffic split for requests that do not name a version.',
  });

const answer = (description: string) => ({
  200: { description, content: { 'application/json': modelSchema } },
});

/** `POST /models/{name}/load`. */
export const loadRoute: RestRoute<z.infer<typeof loadBodySchema>> = {
  method: 'POST',
  path: '/models/{name}/load',
  operationId: 'loadModel',
  summary: 'Load a model',
  description:
    'Loads a model, or one version of it, next to the serving version. Returns once it is ready.',
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
  description: 'Unloads a model, or one version of it. Returns once the memory is freed.',
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
  description:
    'Applies the changes in the folder of one model, or of all models. Returns once they are served.',
  tags: ['Models'],
  requestSchema: reloadBodySchema,
  bodyOptional: true,
  responses: {
    200: {
      description: 'The models that were reloaded.',
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
    'Replaces the traffic split of model.yaml for requests that do not name a version. Without ' +
    '`split` and `shadow`, model.yaml applies again.',
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
