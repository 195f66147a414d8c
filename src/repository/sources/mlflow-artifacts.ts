import { z } from 'zod';
import type { HttpRequest, SourceClient } from './http.ts';
import { MAX_FILES } from './limits.ts';
import { pathProblem } from './safe-path.ts';
import { SourceError, type SourceFile, type SourceListing } from './source.ts';

/** What reading artifacts takes. */
export interface ArtifactStore {
  /** Which version it is about, for messages. */
  readonly label: string;
  /** Tracking server, without `/` at its end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly client: SourceClient;
  readonly signal: AbortSignal;
  /** Lists `s3://…` or `gs://…` as one model; `null` for other addresses. */
  openBucket(url: string, signal: AbortSignal): Promise<SourceListing> | null;
}

const listSchema = z.object({
  root_uri: z.string().nullish(),
  files: z
    .array(
      z.object({
        path: z.string(),
        is_dir: z.boolean().nullish(),
        // Protocol buffers write 64-bit numbers as texts.
        file_size: z.union([z.number(), z.string()]).nullish(),
      }),
    )
    .nullish(),
});

interface Listed {
  readonly path: string;
  readonly size: number | null;
}

/**
 * Lists the files below an artifact URI: `mlflow-artifacts:` (the proxy of the tracking server),
 * `runs:` and what only the tracking server reaches (its own listing of the run), buckets.
 *
 * @param uri as `get-download-uri` tells it
 * @param runId run that made the version
 */
export async function listArtifacts(
  uri: string,
  runId: string | null,
  store: ArtifactStore,
): Promise<SourceFile[]> {
  const bucket = store.openBucket(uri, store.signal);
  if (bucket !== null) {
    const { models, refused } = await bucket;
    const [problem] = refused;
    if (problem) throw new SourceError(`${store.label}: ${problem.problem}`);
    return [...(models[0]?.files ?? [])];
  }
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(uri)?.[1];
  if (proxied !== undefined) return listProxied(proxied, store);
  const run = runPath(uri, runId);
  if (run !== null) return listRun(run, store);
  const scheme = /^([a-z0-9+.-]+):/i.exec(uri)?.[1] ?? 'file';
  throw new SourceError(
    `${store.label} is kept at ${scheme}:, which only its own server reaches; ` +
      `start MLflow with --serve-artifacts, or keep artifacts in s3: or gs:`,
  );
}

async function listProxied(root: string, store: ArtifactStore): Promise<SourceFile[]> {
  const api = `${store.base}/api/2.0/mlflow-artifacts/artifacts`;
  const list = (folder: string) =>
    `${api}?${new URLSearchParams({ path: joined(root, folder) }).toString()}`;
  const files = await walk(list, (path) => path, store);
  return files.map((file) => fileOf(file, `${api}/${encodePath(joined(root, file.path))}`, store));
}

async function listRun(
  { run, root }: { readonly run: string; readonly root: string },
  store: ArtifactStore,
): Promise<SourceFile[]> {
  const list = (folder: string) =>
    `${store.base}/api/2.0/mlflow/artifacts/list?${new URLSearchParams({ run_id: run, path: joined(root, folder) }).toString()}`;
  // This listing tells paths from the root of the run.
  const below = root === '' ? '' : `${root}/`;
  const files = await walk(
    list,
    (path) => (path.startsWith(below) ? path.slice(below.length) : path),
    store,
  );
  return files.map((file) => {
    const query = new URLSearchParams({ path: joined(root, file.path), run_uuid: run });
    return fileOf(file, `${store.base}/get-artifact?${query.toString()}`, store);
  });
}

async function walk(
  listUrl: (folder: string) => string,
  relative: (path: string) => string,
  store: ArtifactStore,
): Promise<Listed[]> {
  const files: Listed[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const { value } = await store.client.json(requestFor(listUrl(folder), store.label, store));
    const parsed = listSchema.safeParse(value);
    if (!parsed.success)
      throw new SourceError(`${store.label}: artifacts are not listed as expected`);
    for (const entry of parsed.data.files ?? []) {
      const told = relative(entry.path);
      // The proxy tells names within the folder; some versions tell paths from the root.
      const path = folder === '' || told.startsWith(`${folder}/`) ? told : `${folder}/${told}`;
      const problem = pathProblem(path);
      if (problem !== null) throw new SourceError(`${store.label}: ${problem}`);
      if (entry.is_dir) folders.push(path);
      else files.push({ path, size: sizeOf(entry.file_size) });
      if (files.length + folders.length > MAX_FILES) {
        throw new SourceError(`${store.label} has more than ${MAX_FILES} files`);
      }
    }
  }
  return files;
}

function sizeOf(size: string | number | null | undefined): number | null {
  const value = Number(size ?? NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function fileOf({ path, size }: Listed, url: string, store: ArtifactStore): SourceFile {
  return {
    path,
    size,
    // Versions of a registered model do not change.
    tag: url,
    open: async (signal) => {
      const answer = await store.client.open({
        ...requestFor(url, `${store.label}: ${path}`, store),
        signal,
      });
      return { body: answer.body };
    },
  };
}

function requestFor(url: string, label: string, { headers, signal }: ArtifactStore): HttpRequest {
  return { url, label, headers, signal };
}

function runPath(uri: string, runId: string | null): { run: string; root: string } | null {
  const runs = /^runs:\/+([^/]+)\/?(.*)$/.exec(uri);
  if (runs?.[1] !== undefined) return { run: runs[1], root: trimmed(runs[2] ?? '') };
  if (runId === null || runId === '') return null;
  const inRun = uri.split(`/${runId}/artifacts`)[1];
  return inRun === undefined ? null : { run: runId, root: trimmed(inRun) };
}

const trimmed = (path: string): string => path.replace(/^\/+|\/+$/g, '');

const joined = (...parts: readonly string[]): string =>
  parts.map(trimmed).filter(Boolean).join('/');

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
