import { AwsClient } from 'aws4fetch';
import { groupModels } from './group-models.ts';
import type { HttpRequest, SourceClient } from './http.ts';
import { MAX_OBJECTS } from './limits.ts';
import { type ListedObject, parseObjectPage, s3ErrorCode } from './s3-answers.ts';
import {
  type FileDigest,
  type ModelSource,
  type OpenedFile,
  SourceError,
  type SourceFile,
  type SourceListing,
} from './source.ts';

/** How a store of objects is reached. */
export interface BucketAccess {
  /** Base address; buckets are the first part of the path. @default that of AWS in the region */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Without them requests are not signed: public buckets. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
}

/** Options of {@link BucketSource}. */
export interface BucketSourceOptions {
  /** `s3` or `gs`, for messages. */
  readonly scheme: string;
  readonly bucket: string;
  /** Where the models begin; without `/` at its end. */
  readonly prefix: string;
  /** Takes everything below the prefix as one model. */
  readonly name?: string | undefined;
  readonly access: BucketAccess;
  readonly client: SourceClient;
}

/** Objects of a bucket of S3, or of what speaks its protocol: MinIO, R2, Ceph, Google's XML API. */
export class BucketSource implements ModelSource {
  readonly label: string;
  readonly #options: BucketSourceOptions;
  readonly #base: string;
  readonly #signer: AwsClient | undefined;

  constructor(options: BucketSourceOptions) {
    const { scheme, bucket, prefix, access } = options;
    this.#options = options;
    this.label = `${scheme}://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
    this.#base = bucketAddress(bucket, access);
    const { accessKeyId, secretAccessKey, sessionToken, region } = access;
    if (accessKeyId !== undefined && secretAccessKey !== undefined) {
      this.#signer = new AwsClient({
        accessKeyId,
        secretAccessKey,
        ...(sessionToken !== undefined && { sessionToken }),
        service: 's3',
        region,
      });
    }
  }

  async list({ signal }: { readonly signal: AbortSignal }): Promise<SourceListing> {
    const { bucket, prefix, name } = this.#options;
    const below = prefix === '' ? '' : `${prefix}/`;
    const files: SourceFile[] = [];
    let objects = 0;
    for (let next: string | null = ''; next !== null;) {
      const query = new URLSearchParams({
        'list-type': '2',
        'encoding-type': 'url',
        ...(below !== '' && { prefix: below }),
        ...(next !== '' && { 'continuation-token': next }),
      });
      const url = `${this.#base}/?${query.toString().replaceAll('+', '%20')}`;
      const { text } = await this.#options.client.text(this.#request(url, this.label, signal));
      const page = parseObjectPage(text, this.label);
      objects += page.objects.length;
      if (objects > MAX_OBJECTS) {
        throw new SourceError(
          `${this.label} holds more than ${MAX_OBJECTS} objects: name a longer prefix`,
        );
      }
      for (const object of page.objects) {
        if (object.key.startsWith(below) && object.key.length > below.length) {
          files.push(this.#file(object, object.key.slice(below.length)));
        }
      }
      next = page.next;
    }
    const nameAtTop = prefix === '' ? bucket : (prefix.split('/').at(-1) ?? bucket);
    const { models, refused } = await groupModels(files, {
      name,
      nameAtTop,
      rename: (file, path) => ({ ...file, path }),
    });
    return { models: Array.from(models, ([model, its]) => ({ name: model, files: its })), refused };
  }

  #file(object: ListedObject, path: string): SourceFile {
    const { key, size, etag } = object;
    return {
      path,
      size,
      tag: etag === '' ? String(size) : etag,
      open: (signal) =>
        this.#open(object, `${this.#options.scheme}://${this.#options.bucket}/${key}`, signal),
    };
  }

  async #open(
    { key, etag }: ListedObject,
    label: string,
    signal: AbortSignal,
  ): Promise<OpenedFile> {
    const url = `${this.#base}/${key.split('/').map(encodeURIComponent).join('/')}`;
    const request = this.#request(url, label, signal, {
      // Another version than the one that was listed is none that belongs to the others.
      ...(etag !== '' && { 'if-match': `"${etag}"` }),
      'x-amz-checksum-mode': 'ENABLED',
    });
    const { body, headers } = await this.#options.client.open(request);
    const got = headers.get('etag')?.replaceAll('"', '').replace(/^W\//, '');
    if (got !== undefined && etag !== '' && got !== etag) {
      throw new SourceError(`${label} changed while it was read`, { retryable: true });
    }
    return { body, digest: digestOf(headers, got ?? etag) };
  }

  #request(
    url: string,
    label: string,
    signal: AbortSignal,
    headers: Record<string, string> = {},
  ): HttpRequest {
    const signer = this.#signer;
    return {
      url,
      label,
      signal,
      headers,
      explain: s3ErrorCode,
      sign: signer && ((address, given) => signer.sign(address, { headers: given })),
    };
  }
}

function bucketAddress(bucket: string, { endpoint, region }: BucketAccess): string {
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  // A name with dots does not fit the certificate of *.s3.….
  return bucket.includes('.')
    ? `https://s3.${region}.amazonaws.com/${bucket}`
    : `https://${bucket}.s3.${region}.amazonaws.com`;
}

/**
 * The best digest that an answer brings: a checksum of the whole object, Google's hashes, else an
 * ETag where it is the MD5 of the content (not for uploads in parts, nor with keys of KMS).
 */
function digestOf(headers: Headers, etag: string): FileDigest | undefined {
  const sha256 = headers.get('x-amz-checksum-sha256');
  if (sha256 !== null && !sha256.includes('-')) {
    return { algorithm: 'sha256', hex: Buffer.from(sha256, 'base64').toString('hex') };
  }
  const md5 = /(?:^|,)\s*md5=([A-Za-z0-9+/=]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1];
  if (md5 !== undefined)
    return { algorithm: 'md5', hex: Buffer.from(md5, 'base64').toString('hex') };
  const encryption = headers.get('x-amz-server-side-encryption') ?? 'AES256';
  const hasOwnKey = headers.has('x-amz-server-side-encryption-customer-algorithm');
  if (encryption !== 'AES256' || hasOwnKey || headers.has('x-goog-hash')) return undefined;
  return /^[0-9a-f]{32}$/.test(etag) ? { algorithm: 'md5', hex: etag } : undefined;
}
