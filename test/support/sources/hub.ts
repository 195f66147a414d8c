import { createHash } from 'node:crypto';
import type { Fault } from './object-store.ts';
import { sendJson, startServer } from './json-server.ts';

/** Commit that every branch and tag of a {@link Hub} stands for. */
export const HUB_COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

/** Options of {@link startHub}. */
export interface HubOptions {
  /** Content of the files, by path. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** `owner/name`. @default `acme/tiny` */
  readonly repository?: string;
  /** Branch or tag. @default `v1.0` */
  readonly revision?: string;
  /** What is sent instead of a file. */
  readonly content?: (file: string) => string | undefined;
  /** Whether the description tells sizes and digests; otherwise only the tree does. @default true */
  readonly siblings?: boolean;
  /** Token that is asked for. */
  readonly token?: string;
}

/** A server that answers as the Hugging Face hub documents, with another one for large files. */
export interface Hub {
  readonly url: string;
  readonly requests: string[];
  /** Answers instead of the hub while it returns true. */
  fault: Fault | undefined;
  close(): Promise<void>;
}

const isLarge = (file: string): boolean =>
  /\.(?:onnx|onnx_data|bin|safetensors|weights)$/.test(file);

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const gitId = (content: Buffer) =>
  createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');

/** Starts one on the loopback. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { repository = 'acme/tiny', revision = 'v1.0', siblings = true, token } = options;
  const files = new Map(
    Object.entries(options.files).map(([file, content]) => [file, Buffer.from(content)]),
  );
  const requests: string[] = [];
  const state: { fault: Fault | undefined } = { fault: undefined };
  const cdn = await startServer((url, request, response) => {
    // A token that is sent to another server is a token that leaked.
    if (request.headers.authorization !== undefined) return response.writeHead(400).end();
    requests.push(request.url ?? '');
    if (state.fault?.(request, response)) return;
    response.writeHead(200).end(files.get(decodeURIComponent(url.pathname.slice(1))));
  });
  const hub = await startServer((url, request, response) => {
    requests.push(request.url ?? '');
    if (state.fault?.(request, response)) return;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return sendJson(response, { error: 'Invalid credentials' }, 401);
    }
    const api = `/api/models/${repository}`;
    const all = [...files];
    if (url.pathname === `${api}/revision/${revision}`) {
      return sendJson(response, {
        id: repository,
        sha: HUB_COMMIT,
        siblings: all.map(([rfilename, content]) => ({
          rfilename,
          ...(siblings && {
            size: content.byteLength,
            blobId: gitId(content),
            ...(isLarge(rfilename) && {
              lfs: { sha256: sha256(content), size: content.byteLength },
            }),
          }),
        })),
      });
    }
    if (url.pathname === `${api}/tree/${HUB_COMMIT}`) {
      const start = Number(url.searchParams.get('cursor') ?? 0);
      const page = all.slice(start, start + 4).map(([file, content]) => ({
        type: 'file',
        path: file,
        oid: gitId(content),
        size: content.byteLength,
        ...(isLarge(file) && {
          lfs: { oid: sha256(content), size: content.byteLength, pointerSize: 130 },
        }),
      }));
      if (start + 4 < all.length) {
        const next = `${hub.url}${api}/tree/${HUB_COMMIT}?recursive=true&cursor=${start + 4}`;
        response.setHeader('link', `<${next}>; rel="next"`);
      }
      return sendJson(response, page);
    }
    const prefix = `/${repository}/resolve/${HUB_COMMIT}/`;
    const file = decodeURIComponent(url.pathname).slice(prefix.length);
    const content = files.get(file);
    if (!url.pathname.startsWith(prefix) || content === undefined) {
      return sendJson(response, { error: 'Entry not found' }, 404);
    }
    const changed = options.content?.(file);
    if (changed !== undefined) return response.writeHead(200).end(changed);
    if (!isLarge(file)) return response.writeHead(200).end(content);
    response.writeHead(302, { location: `${cdn.url}/${file}` }).end();
  });
  return {
    url: hub.url,
    requests,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    async close() {
      await Promise.all([hub.close(), cdn.close()]);
    },
  };
}
