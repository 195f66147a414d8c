import type { Exchange } from '../http/exchange.ts';
import { refuseCompressed } from '../http/media-type.ts';
import { toInputError } from './errors.ts';
import type { RestUpload } from './route.ts';
import { uploadFieldsSchema } from './schemas.ts';
import { fieldProblem, unknownField, UploadFormReader } from './upload-form.ts';

/** Media types of uploads, as the refusal of another one names them beside JSON. */
export const UPLOAD_TYPES = '; images may also come as multipart/form-data or image/*';

const FORM_TYPE = /^\s*multipart\/form-data\s*(?:;|$)/i;
const IMAGE_TYPE = /^\s*image\//i;

const FIELD_NAMES: ReadonlySet<string> = new Set(Object.keys(uploadFieldsSchema.shape));

/** Fields that are numbers in JSON. */
const NUMBERS: ReadonlySet<string> = new Set(['scores', 'timeout_ms']);

/** Fields that are `true` or `false` in JSON. */
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const FLAG_NAMES: ReadonlySet<string> = new Set(['outputs', 'timings']);

/** Whether a body is an image, or a form that may hold some. */
export function isUpload(contentType: string | undefined): contentType is string {
  return contentType !== undefined && (IMAGE_TYPE.test(contentType) || FORM_TYPE.test(contentType));
}

/**
 * Reads an upload as the body that stands for the same in JSON. Declared types of images are of no
 * account: what a file is, its first bytes tell.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`, `UNSUPPORTED_MEDIA_TYPE`, or what receiving a body throws
 */
export async function readUpload<Body>(
  exchange: Exchange,
  contentType: string,
  upload: RestUpload<Body>,
): Promise<Body> {
  refuseCompressed(exchange.header('content-encoding'));
  const fields = readQuery(exchange.search);
  const images: Uint8Array[] = [];
  if (FORM_TYPE.test(contentType)) {
    const reader = new UploadFormReader(contentType, FIELD_NAMES, upload.maxImages);
    const form = await exchange.receiveBody(reader);
    images.push(...form.images);
    for (const [name, value] of form.fields) {
      if (fields.has(name)) throw fieldProblem(name, 'given twice: by the form and by the URL');
      fields.set(name, value);
    }
  } else {
    const image = await exchange.readBody();
    if (image.length > 0) images.push(image);
  }
  const [first, ...others] = images;
  if (!first) throw fieldProblem('image', 'expected a file');
  const values = [...fields].map(([name, value]) => [name, toValue(name, value)] as const);
  const parsed = uploadFieldsSchema.safeParse(Object.fromEntries(values));
  if (!parsed.success) throw toInputError(parsed.error);
  return upload.toBody([first, ...others], parsed.data);
}

function readQuery(search: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (!FIELD_NAMES.has(name)) throw unknownField(name, [...FIELD_NAMES]);
    if (fields.has(name)) throw fieldProblem(name, 'given twice');
    fields.set(name, value);
  }
  return fields;
}

/** A text as the JSON value that it stands for; what stands for none is left to the schema. */
function toValue(name: string, text: string): unknown {
  if (NUMBERS.has(name) && /^\d+$/.test(text)) return Number(text);
  if (FLAG_NAMES.has(name)) return FLAGS.get(text) ?? text;
  return text;
}
