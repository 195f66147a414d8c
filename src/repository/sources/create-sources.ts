import { readFile } from 'node:fs/promises';
import { archiveLabel, type SourceAddress } from './address.ts';
import { ArchiveSource } from './archive.ts';
import type { Patience } from './http.ts';
import { SourceClient } from './http.ts';
import { HuggingFaceSource } from './hugging-face-hub.ts';
import { LocalFolderSource } from './local-folder.ts';
import { MlflowSource } from './mlflow.ts';
import { type BucketAccess, BucketSource } from './s3.ts';
import { type ModelSource, SourceError } from './source.ts';

/** Endpoints and credentials, as the settings of the same names. */
export interface SourceSettings {
  readonly awsEndpointUrl?: string | undefined;
  readonly awsAccessKeyId?: string | undefined;
  readonly awsSecretAccessKey?: string | undefined;
  readonly awsSessionToken?: string | undefined;
  readonly awsRegion: string;
  readonly gsEndpointUrl: string;
  readonly gsAccessKeyId?: string | undefined;
  readonly gsSecretAccessKey?: string | undefined;
  readonly hfEndpoint: string;
  readonly hfToken?: string | undefined;
  readonly hfTokenFile?: string | undefined;
  readonly mlflowTrackingUri?: string | undefined;
  readonly mlflowTrackingToken?: string | undefined;
  readonly mlflowTrackingUsername?: string | undefined;
  readonly mlflowTrackingPassword?: string | undefined;
}

/** Makes a source for each address; the same place under two names makes two sources. */
export function createSources(
  addresses: readonly SourceAddress[],
  settings: SourceSettings,
  patience: Patience,
): ModelSource[] {
  const client = new SourceClient(patience);
  return addresses.map((address) => {
    const source = createSource(address, settings, client);
    const { name } = address;
    if (name === undefined || name === nameOfItself(address)) return source;
    return { label: `${name}=${source.label}`, list: (options) => source.list(options) };
  });
}

/** Name that an address gives its model where none is in front of it. */
function nameOfItself(address: SourceAddress): string | undefined {
  if (address.kind === 'hub') return address.repository.split('/').at(-1);
  return address.kind === 'mlflow' ? address.model : undefined;
}

function createSource(
  address: SourceAddress,
  settings: SourceSettings,
  client: SourceClient,
): ModelSource {
  switch (address.kind) {
    case 'bucket':
      return new BucketSource({
        ...address,
        access: bucketAccess(address.scheme, settings),
        client,
      });
    case 'hub':
      return new HuggingFaceSource({
        ...address,
        name: address.name ?? address.repository,
        endpoint: settings.hfEndpoint,
        token: () => readToken(settings),
        client,
      });
    case 'mlflow':
      return createMlflow(address, settings, client);
    case 'archive':
      return new ArchiveSource({
        ...address,
        location: { url: address.url },
        label: archiveLabel(address.url),
        client,
      });
    case 'local':
      return /\.(?:tar\.gz|tgz)$/i.test(address.path)
        ? new ArchiveSource({
            name: address.name,
            location: { file: address.path },
            label: address.path,
            client,
          })
        : new LocalFolderSource({ location: address.path, name: address.name });
  }
}

function bucketAccess(scheme: 's3' | 'gs', settings: SourceSettings): BucketAccess {
  if (scheme === 'gs') {
    return {
      endpoint: settings.gsEndpointUrl,
      region: 'auto',
      accessKeyId: settings.gsAccessKeyId,
      secretAccessKey: settings.gsSecretAccessKey,
    };
  }
  return {
    endpoint: settings.awsEndpointUrl,
    region: settings.awsRegion,
    accessKeyId: settings.awsAccessKeyId,
    secretAccessKey: settings.awsSecretAccessKey,
    sessionToken: settings.awsSessionToken,
  };
}

function createMlflow(
  address: Extract<SourceAddress, { kind: 'mlflow' }>,
  settings: SourceSettings,
  client: SourceClient,
): ModelSource {
  const { mlflowTrackingUri, mlflowTrackingToken, mlflowTrackingUsername } = settings;
  if (mlflowTrackingUri === undefined) {
    throw new SourceError(`mlflow:${address.model} needs MLFLOW_TRACKING_URI`);
  }
  const basic =
    mlflowTrackingUsername === undefined
      ? undefined
      : Buffer.from(`${mlflowTrackingUsername}:${settings.mlflowTrackingPassword ?? ''}`).toString(
          'base64',
        );
  const authorization =
    mlflowTrackingToken === undefined ? basic && `Basic ${basic}` : `Bearer ${mlflowTrackingToken}`;
  return new MlflowSource({
    ...address,
    name: address.name ?? address.model,
    trackingUri: mlflowTrackingUri,
    headers: authorization === undefined ? {} : { authorization },
    client,
    openBucket: (url, signal) => {
      const [, scheme, bucket, prefix = ''] = /^(s3|gs):\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
      if ((scheme !== 's3' && scheme !== 'gs') || bucket === undefined) return null;
      return new BucketSource({
        scheme,
        bucket,
        prefix: prefix.replace(/\/+$/, ''),
        name: address.name ?? address.model,
        access: bucketAccess(scheme, settings),
        client,
      }).list({ signal });
    },
  });
}

async function readToken({ hfToken, hfTokenFile }: SourceSettings): Promise<string | undefined> {
  if (hfTokenFile === undefined) return hfToken;
  try {
    return (await readFile(hfTokenFile, 'utf8')).trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new SourceError(`HF_TOKEN_FILE cannot be read (${code})`);
  }
}
