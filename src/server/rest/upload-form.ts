import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { badInput, ServiceError } from '../../errors.ts';
import type { BodySink } from '../http/receive-body.ts';

/** What came in a form. */
export interface UploadForm {
  /** The files, in the order in which they came. */
  readonly images: readonly Buffer[];
  /** Values of the other fields by name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Name of the field that holds a file. */
const IMAGE_FIELD = 'image';

/** Longest value of another field, in bytes. */
const MAX_FIELD_BYTES = 8_192;

/** Most headers of one part. */
const MAX_PART_HEADERS = 32;

/**
 * Reads a form (`multipart/form-data`) as it comes. What cannot be part of an upload ends it at once:
 * a field that nobody knows, one that comes twice, a file too many.
 */
export class UploadFormReader implements BodySink<UploadForm> {
  readonly #known: ReadonlySet<string>;
  readonly #maxImages: number;
  readonly #images: Buffer[] = [];
  readonly #fields = new Map<string, string>();
  readonly #busboy: BusboyInstance;
  #count = 0;
  #error: ServiceError | undefined;

  /**
   * @param contentType names the boundary of the parts
   * @param known names of the fields beside the images
   * @param maxImages most images
   * @throws {ServiceError} `BAD_USER_INPUT` where the boundary is missing
   */
  constructor(contentType: string, known: ReadonlySet<string>, maxImages: number) {
    this.#known = known;
    this.#maxImages = maxImages;
    try {
      this.#busboy = new Busboy({
        headers: { 'content-type': contentType },
        limits: { fieldSize: MAX_FIELD_BYTES, headerPairs: MAX_PART_HEADERS },
        // Some programs send a file without a name, or as text.
        isPartAFile: (name) => name === IMAGE_FIELD,
      });
    } catch {
      throw badInput('The Content-Type of a form must name its boundary.');
    }
    this.#busboy.on('file', (_name, file) => this.#addImage(file));
    this.#busboy.on('field', (name, value, _nameCut, valueCut) =>
      this.#addField(name, value, valueCut),
    );
    this.#busboy.on('error', () => this.#refuse(malformed()));
  }

  take(chunk: Buffer): void {
    this.#busboy.write(chunk);
    if (this.#error) throw this.#error;
  }

  end(): Promise<UploadForm> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (this.#error) reject(this.#error);
        else resolve({ images: this.#images, fields: this.#fields });
      };
      this.#busboy.on('error', settle);
      this.#busboy.on('finish', settle);
      this.#busboy.end();
    });
  }

  #addImage(file: BusboyFileStream): void {
    const at = this.#count++;
    const chunks: Buffer[] = [];
    // One that breaks off ends the form too, which tells of it.
    file.on('error', () => undefined);
    if (at >= this.#maxImages) {
      file.resume();
      this.#refuse(tooMany(this.#maxImages));
      return;
    }
    file.on('data', (chunk: Buffer) => chunks.push(chunk));
    file.on('end', () => {
      this.#images[at] = Buffer.concat(chunks);
    });
  }

  #addField(name: string | undefined, value: string, isCut: boolean): void {
    if (name === undefined || !this.#known.has(name)) {
      this.#refuse(unknownField(name ?? '', [IMAGE_FIELD, ...this.#known]));
    } else if (this.#fields.has(name)) {
      this.#refuse(fieldProblem(name, 'given twice'));
    } else if (isCut) {
      this.#refuse(fieldProblem(name, `longer than ${MAX_FIELD_BYTES} bytes`));
    } else this.#fields.set(name, value);
  }

  #refuse(error: ServiceError): void {
    this.#error ??= error;
  }
}

/**
 * What is wrong with one field of an upload.
 *
 * @param path name of the field
 */
export function fieldProblem(path: string, message: string): ServiceError {
  return badInput(`${path}: ${message}`, { problems: [{ path, message }] });
}

/** A name that no field of an upload has. */
export function unknownField(name: string, allowed: readonly string[]): ServiceError {
  const shown = JSON.stringify(name.slice(0, 100));
  return badInput(`There is no field ${shown}; allowed are ${allowed.join(', ')}.`);
}

function malformed(): ServiceError {
  return badInput('The form is not valid multipart/form-data, or it breaks off before its end.');
}

function tooMany(maxImages: number): ServiceError {
  if (maxImages === 1) {
    return fieldProblem(IMAGE_FIELD, 'expected one file; POST /predict/batch takes several');
  }
  const message = `expected at most ${maxImages} files`;
  return new ServiceError('BAD_USER_INPUT', `${IMAGE_FIELD}: ${message}`, {
    details: { problems: [{ path: IMAGE_FIELD, message }] },
    limit: 'MAX_BATCH_INPUTS',
  });
}
