import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RemotePool, type RemotePoolOptions } from './remote-pool.ts';
import type { RemoteTarget, RemoteTls } from './remote-target.ts';

/** A text that is written out, or stands in a variable or a file. */
export type Secret = string | { readonly env: string } | { readonly file: string };

/** Where a remote engine is and how to talk to it, as model.yaml tells it. */
export interface RemoteSettings {
  readonly url: string | readonly string[];
  readonly protocol?: 'http' | 'grpc' | undefined;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly tls?:
    | {
        readonly ca?: string | undefined;
        readonly cert?: string | undefined;
        readonly key?: string | undefined;
        readonly serverName?: string | undefined;
        readonly verify: boolean;
      }
    | undefined;
  readonly maxInFlight: number;
  readonly maxTries: number;
  readonly probeAfterMs: number;
  readonly maxAnswerBytes: number;
}

/** What {@link openRemote} needs besides the settings. */
export interface RemoteSource extends Pick<
  RemotePoolOptions,
  'runTimeoutMs' | 'onWorkerLost' | 'onDown' | 'onUp'
> {
  /** Folder that the names of files are relative to. */
  readonly directory: string;
  /** Name of the model where the settings have none. */
  readonly model: string;
}

/**
 * Opens a remote engine: reads its secrets, and makes a client for each address.
 *
 * @throws {Error} for the operator, naming the key of model.yaml
 */
export async function openRemote(
  settings: RemoteSettings,
  { directory, model, ...events }: RemoteSource,
): Promise<RemotePool> {
  const { maxInFlight, maxTries, probeAfterMs, maxAnswerBytes } = settings;
  const headers: Record<string, string> = {};
  for (const [name, secret] of Object.entries(settings.headers)) {
    headers[name.toLowerCase()] = await readSecret(secret, `remote.headers.${name}`, directory);
  }
  const tls = await readTls(settings.tls, directory);
  const targets = [settings.url].flat().map((text): RemoteTarget => ({
    url: toUrl(text, settings),
    model: settings.model ?? model,
    version: settings.version,
    headers,
    tls,
    maxInFlight,
    maxAnswerBytes,
  }));
  return new RemotePool({ targets, maxInFlight, maxTries, probeAfterMs, ...events });
}

/** Ports where Triton, KServe and MLServer answer. */
const DEFAULT_PORTS = { http: '8000', https: '443', grpc: '8001', grpcs: '443' } as const;

function toUrl(text: string, { protocol, tls }: RemoteSettings): URL {
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  const isGrpc = (protocol ?? (scheme?.startsWith('grpc') ? 'grpc' : 'http')) === 'grpc';
  const isSecure = scheme === undefined ? tls !== undefined : scheme.endsWith('s');
  const kind = isGrpc ? (isSecure ? 'grpcs' : 'grpc') : isSecure ? 'https' : 'http';
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  if (!URL.canParse(`http://${rest}`)) {
    throw new Error(`model.yaml, remote.url: "${text}" is not a URL`);
  }
  const url = new URL(`${kind}://${rest}`);
  const hasPort = /:\d+(?:\/|$)/.test(rest);
  if (!hasPort && isGrpc) url.port = DEFAULT_PORTS[kind];
  return url;
}

async function readSecret(secret: Secret, key: string, directory: string): Promise<string> {
  let value: string | undefined;
  if (typeof secret === 'string') value = secret;
  else if ('env' in secret) {
    value = process.env[secret.env];
    if (value === undefined || value === '') {
      throw new Error(`model.yaml, ${key}: the variable ${secret.env} is not set`);
    }
  } else value = (await readNamedFile(secret.file, key, directory)).toString('utf8').trim();
  if (!/^[\x20-\x7e\t]*$/.test(value)) {
    throw new Error(`model.yaml, ${key}: holds characters that no header can carry`);
  }
  return value;
}

async function readTls(
  tls: RemoteSettings['tls'],
  directory: string,
): Promise<RemoteTls | undefined> {
  if (!tls) return undefined;
  const read = async (key: 'ca' | 'cert' | 'key') => {
    const file = tls[key];
    return file === undefined ? undefined : readNamedFile(file, `remote.tls.${key}`, directory);
  };
  const [ca, cert, key] = await Promise.all([read('ca'), read('cert'), read('key')]);
  return { ca, cert, key, serverName: tls.serverName, verify: tls.verify };
}

async function readNamedFile(file: string, key: string, directory: string): Promise<Buffer> {
  try {
    return await readFile(path.resolve(directory, file));
  } catch (thrown) {
    const { code = 'error' } = thrown as NodeJS.ErrnoException;
    throw new Error(`model.yaml, ${key}: the file cannot be read (${code})`, { cause: thrown });
  }
}
