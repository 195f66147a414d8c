import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A fault that a server makes in its next answers. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A small server that speaks the part of S3 that reading takes, and checks each signature. */
export interface ObjectStore {
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  readonly requests: string[];
  /** Bytes that listings tell of objects that are not really there. */
  readonly claims: Map<string, number>;
  /** Answers instead of the store while it returns true. */
  fault: Fault | undefined;
  close(): Promise<void>;
}

export const ACCESS_KEY = 'AKIDEXAMPLE';
export const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** Options of {@link startObjectStore}. */
export interface ObjectStoreOptions {
  /** Objects of one page of a listing. @default 1000 */
  readonly pageSize?: number;
  readonly region?: string;
  /** Listens as AWS does: on port 443 of an address, over TLS. */
  readonly aws?: { readonly address: string; readonly key: Buffer; readonly cert: Buffer };
}

/**
 * Starts one; keys of `objects` are `bucket/key`. A bucket is the first part of the path, or of the
 * host where that is one of AWS.
 */
export async function startObjectStore(options: ObjectStoreOptions = {}): Promise<ObjectStore> {
  const { pageSize = 1000, region = 'us-east-1', aws } = options;
  const objects = new Objects();
  const requests: string[] = [];
  const claims = new Map<string, number>();
  const store: { fault: Fault | undefined } = { fault: undefined };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request.url ?? '');
    if (store.fault?.(request, response)) return;
    const problem = signatureProblem(request, region);
    if (problem !== null) {
      sendError(response, 403, problem);
      return;
    }
    const url = new URL(request.url ?? '/', 'http://store');
    const inHost = /^(.+)\.s3\.[\w-]+\.amazonaws\.com$/.exec(request.headers.host ?? '')?.[1];
    const path = `${inHost === undefined ? '' : `${inHost}/`}${decodeURIComponent(url.pathname.slice(1))}`;
    const [bucket = '', ...rest] = path.split('/');
    const key = rest.join('/');
    if (key === '') {
      list(response, bucket, url.searchParams);
      return;
    }
    const content = objects.get(path);
    if (!content) {
      sendError(response, 404, 'NoSuchKey');
      return;
    }
    const etag = `"${md5(content)}"`;
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag) {
      sendError(response, 412, 'PreconditionFailed');
      return;
    }
    response.writeHead(200, { etag, 'content-length': content.byteLength }).end(content);
  };
  function list(response: ServerResponse, bucket: string, query: URLSearchParams): void {
    const prefix = query.get('prefix') ?? '';
    const keys = objects.keysBelow(bucket, prefix);
    const start = Number(query.get('continuation-token') ?? 0);
    const page = keys.slice(start, start + pageSize);
    const end = start + page.length;
    const encode = (text: string) => encodeURIComponent(text).replaceAll('%2F', '/');
    const contents = page.map((key) => {
      const content = objects.get(`${bucket}/${key}`) ?? Buffer.alloc(0);
      return `<Contents><Key>${encode(key)}</Key><ETag>&quot;${md5(content)}&quot;</ETag><Size>${claims.get(`${bucket}/${key}`) ?? content.byteLength}</Size></Contents>`;
    });
    const more = end < keys.length;
    const next = more ? `<NextContinuationToken>${end}</NextContinuationToken>` : '';
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
      );
  }
  const server = aws ? createSecureServer(aws, answer) : createServer(answer);
  server.listen(aws ? 443 : 0, aws?.address ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    requests,
    claims,
    get fault() {
      return store.fault;
    },
    set fault(fault) {
      store.fault = fault;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Objects by path, and their keys in the order of listings, made once until there are others. */
class Objects extends Map<string, Buffer> {
  readonly #listings = new Map<string, readonly string[]>();

  keysBelow(bucket: string, prefix: string): readonly string[] {
    const below = `${bucket}/${prefix}`;
    const known = this.#listings.get(below);
    if (known) return known;
    const keys = [...this.keys()]
      .filter((path) => path.startsWith(below))
      .map((path) => path.slice(bucket.length + 1))
      .sort();
    this.#listings.set(below, keys);
    return keys;
  }

  override set(path: string, content: Buffer): this {
    if (!this.has(path)) this.#listings.clear();
    return super.set(path, content);
  }

  override delete(path: string): boolean {
    this.#listings.clear();
    return super.delete(path);
  }

  override clear(): void {
    this.#listings.clear();
    super.clear();
  }
}

/** An error as S3 writes it. */
export function sendError(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
}

const md5 = (content: Buffer): string => createHash('md5').update(content).digest('hex');

/** Checks the signature of a request as AWS Signature Version 4 describes it. */
function signatureProblem(request: IncomingMessage, region: string): string | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!match) return 'AccessDenied';
  const [, id, date = '', its = '', signed = '', signature] = match;
  if (id !== ACCESS_KEY) return 'InvalidAccessKeyId';
  if (its !== region) return 'AuthorizationHeaderMalformed';
  const url = new URL(request.url ?? '/', 'http://store');
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const path = url.pathname
    .split('/')
    .map((part) => encode(decodeURIComponent(part)))
    .join('/');
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name])}\n`);
  const canonical = [
    request.method,
    path,
    query,
    headers.join(''),
    signed,
    request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'],
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const hmac = (key: string | Buffer, value: string) =>
    createHmac('sha256', key).update(value).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET_KEY}`, date), region), 's3'), 'aws4_request');
  return hmac(key, text).toString('hex') === signature ? null : 'SignatureDoesNotMatch';
}
