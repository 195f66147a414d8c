import type { Fault } from './object-store.ts';
import { sendJson, startServer } from './json-server.ts';

/** Options of {@link startMlflow}. */
export interface MlflowServerOptions {
  /** Where the artifacts of a version are. */
  readonly artifactUri: (version: string) => string;
  /** Content of the artifacts, by path from the root of the store. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** `Authorization` that is asked for. */
  readonly authorization?: string;
  /** Whether listings tell the sizes of files. @default true */
  readonly sizes?: boolean;
}

/** A tracking server with a registered model `fraud`, answering as MLflow documents. */
export interface MlflowServer {
  readonly url: string;
  readonly requests: string[];
  /** Versions by alias: `champion` is 2 and `challenger` 3 at first. */
  readonly aliases: Record<string, string>;
  /** Answers instead of the server while it returns true. */
  fault: Fault | undefined;
  close(): Promise<void>;
}

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

/** Starts one on the loopback. */
export async function startMlflow(options: MlflowServerOptions): Promise<MlflowServer> {
  const { artifactUri, artifacts, authorization, sizes = true } = options;
  const aliases: Record<string, string> = { champion: '2', challenger: '3' };
  const requests: string[] = [];
  const state: { fault: Fault | undefined } = { fault: undefined };
  const describeVersion = (version: string) => ({
    name: 'fraud',
    version,
    run_id: `run${version}`,
    source: artifactUri(version),
    status: 'READY',
    creation_timestamp: 1,
  });
  const listed = (folder: string, path: (name: string) => string) => {
    const below = folder === '' ? '' : `${folder}/`;
    const names = new Map<string, number | null>();
    for (const [file, content] of Object.entries(artifacts)) {
      if (!file.startsWith(below)) continue;
      const [name = '', ...rest] = file.slice(below.length).split('/');
      names.set(name, rest.length > 0 ? null : content.length);
    }
    return Array.from(names, ([name, size]) =>
      size === null
        ? { path: path(name), is_dir: true }
        : { path: path(name), is_dir: false, ...(sizes && { file_size: String(size) }) },
    );
  };
  const server = await startServer((url, request, response) => {
    requests.push(request.url ?? '');
    if (state.fault?.(request, response)) return;
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      return sendJson(response, { error_code: 'PERMISSION_DENIED', message: '' }, 403);
    }
    const query = url.searchParams;
    const missing = () =>
      sendJson(response, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: '' }, 404);
    if (url.pathname.startsWith(PROXY)) {
      const file = decodeURIComponent(url.pathname.slice(PROXY.length + 1));
      if (file === '') {
        const folder = query.get('path') ?? '';
        return sendJson(response, { files: listed(folder, (name) => name) });
      }
      return artifacts[file] === undefined
        ? missing()
        : response.writeHead(200).end(artifacts[file]);
    }
    if (url.pathname === '/get-artifact') {
      const file = `${query.get('run_uuid') ?? ''}/${query.get('path') ?? ''}`;
      return response.writeHead(200).end(artifacts[file]);
    }
    if (query.get('name') !== 'fraud' && !query.has('run_id')) return missing();
    switch (url.pathname.replace('/api/2.0/mlflow/', '')) {
      case 'artifacts/list': {
        const folder = query.get('path') ?? '';
        const run = query.get('run_id') ?? '';
        return sendJson(response, {
          root_uri: 'file:/x',
          files: listed(`${run}/${folder}`, (name) => `${folder}/${name}`),
        });
      }
      case 'registered-models/get':
        return sendJson(response, {
          registered_model: {
            name: 'fraud',
            latest_versions: [describeVersion('3')],
            aliases: Object.entries(aliases).map(([alias, version]) => ({ alias, version })),
          },
        });
      case 'registered-models/alias': {
        const version = aliases[query.get('alias') ?? ''];
        return version === undefined
          ? missing()
          : sendJson(response, { model_version: describeVersion(version) });
      }
      case 'model-versions/get':
        return sendJson(response, {
          model_version: describeVersion(query.get('version') ?? ''),
        });
      case 'model-versions/get-download-uri':
        return sendJson(response, { artifact_uri: artifactUri(query.get('version') ?? '') });
      default:
        return missing();
    }
  });
  return {
    url: server.url,
    requests,
    aliases,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    close: () => server.close(),
  };
}
