import path from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { findEntry } from '../model-files.ts';
import { groupModels } from './group-models.ts';
import type { HttpRequest, SourceClient } from './http.ts';
import { MAX_OBJECTS } from './limits.ts';
import { textFile } from './text-file.ts';
import {
  type FileDigest,
  type ModelSource,
  SourceError,
  type SourceFile,
  type SourceListing,
} from './source.ts';

/** Options of {@link HuggingFaceSource}. */
export interface HuggingFaceOptions {
  /** `owner/name`, or `name` alone. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Name of the model. */
  readonly name: string;
  /** The one ONNX file that is wanted. @default the one that the server would open */
  readonly file?: string | undefined;
  /** Base address of the hub or a mirror. */
  readonly endpoint: string;
  /** Gives the token at the time of each look, as files of secrets change. */
  readonly token: () => Promise<string | undefined>;
  readonly client: SourceClient;
}

const lfsSchema = z.object({
  sha256: z.string().optional(),
  oid: z.string().optional(),
  size: z.number(),
});

const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{7,64}$/),
  siblings: z
    .array(
      z.object({
        rfilename: z.string(),
        size: z.number().nullish(),
        blobId: z.string().nullish(),
        lfs: lfsSchema.nullish(),
      }),
    )
    .nullish(),
});

const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    oid: z.string().nullish(),
    size: z.number().nullish(),
    lfs: lfsSchema.nullish(),
  }),
);

interface HubFile {
  readonly path: string;
  readonly size: number | null;
  readonly tag: string;
  readonly digest: FileDigest | undefined;
}

/** Weights of other libraries, which nothing here opens. */
const FOREIGN =
  /\.(?:safetensors|h5|keras|msgpack|ot|pt|pth|ckpt|gguf|ggml|tflite|mlmodel|pkl|pickle|joblib|npz|parquet|llamafile)$|(?:^|\/)(?:pytorch_model|training_args|optimizer|scheduler|rng_state)[^/]*\.(?:bin|pt)$|^(?:openvino|coreml|runs)\//i;

/** A repository of the Hugging Face hub, or of a mirror that answers as it does. */
export class HuggingFaceSource implements ModelSource {
  readonly label: string;
  readonly #options: HuggingFaceOptions;

  constructor(options: HuggingFaceOptions) {
    this.#options = options;
    this.label = `hf://${options.repository}@${options.revision}`;
  }

  async list({ signal }: { readonly signal: AbortSignal }): Promise<SourceListing> {
    const { repository, revision, name, file: wanted } = this.#options;
    const token = await this.#options.token();
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const api = `/api/models/${repository.split('/').map(encodeURIComponent).join('/')}`;
    const encoded = encodeURIComponent(revision);
    const request = (url: string, label = this.label): HttpRequest => ({
      url,
      headers,
      signal,
      label,
    });
    const { value } = await this.#options.client.json(
      request(this.#url(`${api}/revision/${encoded}?blobs=true`)),
    );
    const info = infoSchema.safeParse(value);
    if (!info.success) throw new SourceError(`${this.label} does not answer as the hub does`);
    const { sha, siblings } = info.data;
    const isTold = siblings?.every(
      ({ size, blobId, lfs }) => lfs ?? (size !== null && size !== undefined && blobId),
    );
    const listed = isTold
      ? (siblings ?? []).map((each) => fileOf(each.rfilename, each.blobId, each.size, each.lfs))
      : await this.#tree(`${api}/tree/${sha}?recursive=true`, request);
    const chosen = chooseFiles(listed, wanted, this.label);
    const files = chosen.map((file): SourceFile => {
      const address = `/${repository}/resolve/${sha}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
      return {
        ...file,
        open: async (abort) => {
          const answer = await this.#options.client.open({
            ...request(this.#url(address), `${this.label}/${file.path}`),
            signal: abort,
          });
          return { body: answer.body };
        },
      };
    });
    if (wanted !== undefined && !files.some(({ path: each }) => each === 'model.yaml')) {
      files.push(textFile('model.yaml', stringify({ file: wanted })));
    }
    const { models, refused } = await groupModels(files, {
      name,
      nameAtTop: name,
      rename: (file) => file,
    });
    return { models: Array.from(models, ([model, its]) => ({ name: model, files: its })), refused };
  }

  async #tree(start: string, request: (url: string) => HttpRequest): Promise<HubFile[]> {
    const files: HubFile[] = [];
    for (let url: string | null = this.#url(start); url !== null;) {
      const { value, answer } = await this.#options.client.json(request(url));
      const page = treeSchema.safeParse(value);
      if (!page.success) throw new SourceError(`${this.label} does not answer as the hub does`);
      for (const { type, path: file, oid, size, lfs } of page.data) {
        if (type === 'file') files.push(fileOf(file, oid, size, lfs));
      }
      if (files.length > MAX_OBJECTS) throw new SourceError(`${this.label} has too many files`);
      const link = /<([^>]+)>\s*;\s*rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      url = link === undefined ? null : this.#next(link, url);
    }
    return files;
  }

  /** The next page, which must be of the same server: the token goes there too. */
  #next(link: string, current: string): string {
    const next = new URL(link, current);
    if (next.origin !== new URL(current).origin) {
      throw new SourceError(`${this.label} goes on at another server`);
    }
    return next.href;
  }

  #url(address: string): string {
    return `${this.#options.endpoint.replace(/\/+$/, '')}${address}`;
  }
}

function fileOf(
  file: string,
  oid: string | null | undefined,
  size: number | null | undefined,
  lfs: z.infer<typeof lfsSchema> | null | undefined,
): HubFile {
  const sha256 = lfs?.sha256 ?? lfs?.oid;
  if (lfs && sha256 !== undefined) {
    return {
      path: file,
      size: lfs.size,
      tag: sha256,
      digest: { algorithm: 'sha256', hex: sha256 },
    };
  }
  const isGit =
    typeof oid === 'string' && /^[0-9a-f]{40}$/.test(oid) && size !== undefined && size !== null;
  return {
    path: file,
    size: size ?? null,
    tag: oid ?? String(size),
    digest: isGit ? { algorithm: 'git', hex: oid } : undefined,
  };
}

/** Leaves out what no engine here opens: weights of other libraries, and other ONNX exports. */
function chooseFiles(
  listed: readonly HubFile[],
  wanted: string | undefined,
  label: string,
): HubFile[] {
  const files = listed.filter(({ path: file }) => !FOREIGN.test(file));
  const names = files.map(({ path: file }) => file);
  if (wanted === undefined && names.includes('model.yaml')) return files;
  const versions = names.some((file) => /^\d{1,18}\//.test(file));
  if (wanted === undefined && versions) return files;
  const entry = findEntry(names, wanted === undefined ? {} : { file: wanted });
  if (entry === null) {
    const others = listed.map(({ path: file }) => file).filter((file) => FOREIGN.test(file));
    const has =
      others.length > 0 ? `; it has ${others.slice(0, 3).join(', ')}, to be exported to ONNX` : '';
    throw new SourceError(
      `${label} holds no ${wanted ?? 'model.onnx, onnx/model.onnx, model.json or saved_model.pb'}${has}`,
    );
  }
  const stem = entry.file.replace(/\.onnx$/, '');
  return files.filter(({ path: file }) => {
    if (!/\.onnx(?:$|[._])/.test(file)) return true;
    // External weights stand beside their model: model.onnx_data, model.onnx.data.
    const isEntry = file.replace(/\.onnx(?:[._].*)?$/, '') === stem;
    return entry.engine === 'onnx' && isEntry && path.dirname(file) === path.dirname(entry.file);
  });
}
