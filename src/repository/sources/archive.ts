import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ByteBudget } from './byte-budget.ts';
import { extractArchive, type ExtractedFile } from './extract-archive.ts';
import { groupModels } from './group-models.ts';
import type { SourceClient } from './http.ts';
import { type ModelSource, SourceError, type SourceFile, type SourceListing } from './source.ts';

/** Options of {@link ArchiveSource}. */
export interface ArchiveSourceOptions {
  /** Address of the `.tar.gz`, or its path on this machine. */
  readonly location: { readonly url: string } | { readonly file: string };
  /** SHA-256 of the archive, hexadecimal, where it is known beforehand. */
  readonly sha256?: string | undefined;
  /** Takes the whole archive as one model. */
  readonly name?: string | undefined;
  readonly label: string;
  readonly client: SourceClient;
}

interface OpenedArchive {
  readonly body: AsyncIterable<Uint8Array>;
  /** What tells the next look whether the archive is another one; `null` where nothing does. */
  readonly state: string | null;
  /** SHA-256 that the server tells, hexadecimal. */
  readonly sha256: string | undefined;
}

/** A `.tar.gz` of one model or several. */
export class ArchiveSource implements ModelSource {
  readonly label: string;
  readonly #options: ArchiveSourceOptions;
  /** Whether a server that tells no versions of its files was asked since the start. */
  #wasFetched = false;

  constructor(options: ArchiveSourceOptions) {
    this.#options = options;
    this.label = options.label;
  }

  async list(options: {
    readonly signal: AbortSignal;
    readonly scratch: string;
    readonly state: string | undefined;
    readonly budget: ByteBudget;
  }): Promise<SourceListing | 'unchanged'> {
    const { sha256, client } = this.#options;
    if (sha256 !== undefined && options.state === `sha256:${sha256}`) return 'unchanged';
    if (this.#wasFetched && options.state === 'fetched') return 'unchanged';
    let attempt = 0;
    return client.retry(options.signal, async () => {
      const directory = path.join(options.scratch, String(attempt++));
      const opened = await this.#open(options.state, options.signal);
      if (opened === 'unchanged') return opened;
      const hash = createHash('sha256');
      const hashed = (async function* () {
        for await (const piece of opened.body) {
          hash.update(piece);
          yield piece;
        }
      })();
      const files = await extractArchive(hashed, directory, {
        label: this.label,
        budget: options.budget,
      });
      const wanted = sha256 ?? opened.sha256;
      if (wanted !== undefined && hash.digest('hex') !== wanted) {
        throw new SourceError(`${this.label} has another SHA-256 digest than was told`, {
          retryable: sha256 === undefined,
        });
      }
      this.#wasFetched = true;
      const state = sha256 === undefined ? (opened.state ?? 'fetched') : `sha256:${sha256}`;
      return { ...(await this.#listingOf(files, directory)), state };
    });
  }

  async #listingOf(files: readonly ExtractedFile[], directory: string): Promise<SourceListing> {
    const all = files.map((file): SourceFile => {
      const movable = path.join(directory, ...file.path.split('/'));
      return {
        path: file.path,
        size: file.size,
        tag: file.sha256,
        digest: { algorithm: 'sha256', hex: file.sha256 },
        movable,
        open: () => Promise.resolve({ body: createReadStream(movable) }),
      };
    });
    const { models, refused } = await groupModels(unwrapped(all), {
      name: this.#options.name,
      nameAtTop: archiveName(this.label),
      rename: (file, renamed) => ({ ...file, path: renamed }),
    });
    return { models: Array.from(models, ([model, its]) => ({ name: model, files: its })), refused };
  }

  async #open(
    state: string | undefined,
    signal: AbortSignal,
  ): Promise<OpenedArchive | 'unchanged'> {
    const { location, client } = this.#options;
    if ('file' in location) {
      const info = await stat(location.file).catch(() => null);
      if (!info?.isFile()) throw new SourceError(`${this.label} is not there`);
      const now = `${info.size} ${info.mtimeMs}`;
      if (now === state) return 'unchanged';
      return { body: createReadStream(location.file), state: now, sha256: undefined };
    }
    const known = parseState(state);
    const answer = await client.open({
      url: location.url,
      label: this.label,
      signal,
      accept: [304],
      headers: {
        // A coding on top of the archive would change its length and its digest.
        'accept-encoding': 'identity',
        ...(known.etag !== undefined && { 'if-none-match': known.etag }),
        ...(known.modified !== undefined && { 'if-modified-since': known.modified }),
      },
    });
    if (answer.status === 304) {
      await answer.body[Symbol.asyncIterator]().return?.();
      return 'unchanged';
    }
    const etag = answer.headers.get('etag');
    const modified = answer.headers.get('last-modified');
    const validators = etag !== null || modified !== null;
    return {
      body: answer.body,
      state: validators ? JSON.stringify({ etag, modified }) : null,
      sha256: digestHeader(answer.headers),
    };
  }
}

/** A folder around everything that is no model itself says nothing. */
function unwrapped(files: readonly SourceFile[]): readonly SourceFile[] {
  const [first] = files;
  const top = first?.path.split('/')[0] ?? '';
  if (!files.every(({ path: file }) => file.startsWith(`${top}/`))) return files;
  const inner = files.map((file) => ({ ...file, path: file.path.slice(top.length + 1) }));
  const isModel = inner.some(
    ({ path: file }) => !file.includes('/') || /^(?:\d{1,18}|onnx)\//.test(file),
  );
  return isModel ? files : inner;
}

/** Name of a model from the name of its archive. */
export function archiveName(location: string): string {
  const last =
    location
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? '';
  const name = last.replace(/\.(?:tar\.gz|tgz)$/i, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  return name.replace(/^[^A-Za-z0-9]+/, '').slice(0, 128) || 'model';
}

function parseState(state: string | undefined): { etag?: string; modified?: string } {
  if (state?.startsWith('{') !== true) return {};
  const { etag, modified } = JSON.parse(state) as { etag: string | null; modified: string | null };
  return { ...(etag !== null && { etag }), ...(modified !== null && { modified }) };
}

/** SHA-256 of `Repr-Digest` or `Content-Digest` (RFC 9530), or of their predecessor `Digest`. */
function digestHeader(headers: Headers): string | undefined {
  const modern = headers.get('repr-digest') ?? headers.get('content-digest') ?? '';
  const base64 =
    /sha-256=:([A-Za-z0-9+/=]+):/.exec(modern)?.[1] ??
    /sha-256=([A-Za-z0-9+/=]+)/i.exec(headers.get('digest') ?? '')?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}
