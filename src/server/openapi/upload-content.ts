import { z } from 'zod';
import type { ModelStatus } from '../../services/model-status.ts';
import type { RestUpload } from '../rest/route.ts';
import { uploadFieldsSchema } from '../rest/schemas.ts';
import type { SchemaComponents } from './schema-components.ts';

/** Types of images that are read. */
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;

/** A file, as OpenAPI 3.1 describes one. */
const file = z
  .string()
  .meta({ contentMediaType: 'application/octet-stream', description: 'A PNG, JPEG or WebP file.' });

/**
 * What `requestBody.content` says of the images that a route takes as files. Of the other fields only
 * the model is named: forms in a browser send all that are. The rest may come by the URL.
 */
export function uploadContent(
  { maxImages }: Pick<RestUpload<unknown>, 'maxImages'>,
  models: readonly ModelStatus[],
  schemas: SchemaComponents,
): Record<string, object> {
  const image = maxImages === 1 ? file : z.array(file).min(1).max(maxImages);
  const example = models.find(({ inputKind }) => inputKind === 'image')?.name;
  const model = uploadFieldsSchema.shape.model.meta({
    description: 'Name of the model. Defaults to the default model.',
    ...(example !== undefined && { example }),
  });
  const form = z.object({ image, model }).meta({
    description: 'The parameters of the URL may be fields of the form too.',
  });
  return {
    'multipart/form-data': {
      schema: schemas.use(form),
      encoding: { image: { contentType: IMAGE_TYPES.join(', ') } },
    },
    ...Object.fromEntries(IMAGE_TYPES.map((type) => [type, {}])),
  };
}
