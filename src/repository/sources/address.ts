import { MODEL_NAME } from './group-models.ts';

/** An address of `MODELS_URL`, taken apart. */
export type SourceAddress = { readonly name?: string | undefined } & (
  | {
      readonly kind: 'bucket';
      readonly scheme: 's3' | 'gs';
      readonly bucket: string;
      readonly prefix: string;
    }
  | {
      readonly kind: 'hub';
      readonly repository: string;
      readonly revision: string;
      readonly file?: string | undefined;
    }
  | {
      readonly kind: 'mlflow';
      readonly model: string;
      readonly alias?: string | undefined;
      readonly version?: string | undefined;
    }
  | { readonly kind: 'archive'; readonly url: string; readonly sha256?: string | undefined }
  | { readonly kind: 'local'; readonly path: string }
);

/** What an address may be, for messages. */
export const ADDRESS_FORMS =
  's3://bucket/prefix, gs://bucket/prefix, hf://owner/name@revision, mlflow:name@alias, ' +
  'https://host/models.tar.gz or a path, each with NAME= in front where it is one model';

/** Raised for an address that cannot be one; the message never holds it whole. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/**
 * Takes a list of addresses apart, as `MODELS_URL` holds them, separated by commas.
 *
 * @throws {AddressError} saying what is allowed
 */
export function parseAddresses(list: string): SourceAddress[] {
  const addresses = list
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseAddress);
  if (addresses.length === 0) throw new AddressError(`expected ${ADDRESS_FORMS}`);
  return addresses;
}

/**
 * Takes one address apart.
 *
 * @throws {AddressError} saying what is allowed
 */
export function parseAddress(text: string): SourceAddress {
  // A name ends at the first "=" unless that belongs to the address itself.
  const named = /^([^=:/\\?#]+)=(.+)$/.exec(text);
  const name = named?.[1];
  const location = named?.[2] ?? text;
  if (name !== undefined && !MODEL_NAME.test(name)) {
    throw new AddressError(
      `the name ${JSON.stringify(name)} is not allowed: letters, digits, ".", "_" and "-", at most 128`,
    );
  }
  const [, scheme = ''] = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(location) ?? [];
  const rest = location.slice(scheme.length + 1);
  switch (scheme.toLowerCase()) {
    case 's3':
    case 'gs':
      return { name, ...parseBucket(scheme.toLowerCase() as 's3' | 'gs', rest) };
    case 'hf':
      return parseHub(name, rest);
    case 'mlflow':
      return parseMlflow(name, rest);
    case 'http':
    case 'https':
      return { name, ...parseArchive(location) };
    case 'file':
      return { name, kind: 'local', path: decoded(new URL(location).pathname) };
    case '':
      return { name, kind: 'local', path: location };
    default:
      throw new AddressError(`${scheme}: is not known; expected ${ADDRESS_FORMS}`);
  }
}

function parseBucket(scheme: 's3' | 'gs', rest: string) {
  const match = /^\/\/([A-Za-z0-9][A-Za-z0-9._-]{0,221})(?:\/(.*))?$/.exec(rest);
  if (!match?.[1]) throw new AddressError(`expected ${scheme}://bucket/prefix`);
  const prefix = (match[2] ?? '').replace(/^\/+|\/+$/g, '');
  return { kind: 'bucket', scheme, bucket: match[1], prefix } as const;
}

function parseHub(name: string | undefined, rest: string): SourceAddress {
  const match =
    /^(?:\/\/)?((?:[A-Za-z0-9][\w.-]{0,95}\/)?[A-Za-z0-9][\w.-]{0,95})(?:@([\w./-]{1,255}))?(?:\?file=([^&#]+))?$/.exec(
      rest,
    );
  const [, repository, revision = 'main', file] = match ?? [];
  if (repository === undefined || /(?:^|\/)\.\.?(?:\/|$)/.test(revision)) {
    throw new AddressError('expected hf://owner/name@revision');
  }
  return {
    kind: 'hub',
    name: name ?? repository.split('/').at(-1),
    repository,
    revision,
    file: file === undefined ? undefined : decoded(file),
  };
}

function parseMlflow(name: string | undefined, rest: string): SourceAddress {
  const match = /^(?:\/\/)?([^@/?#]{1,500})(?:@([^@/?#]{1,255})|\/(\d{1,18}))?$/.exec(rest);
  const [, model, alias, version] = match ?? [];
  if (model === undefined)
    throw new AddressError('expected mlflow:name, mlflow:name@alias or mlflow:name/version');
  const decodedModel = decoded(model);
  const served = name ?? decodedModel;
  if (!MODEL_NAME.test(served)) {
    throw new AddressError(
      `mlflow: a registered model whose name has other characters than letters, digits, ".", "_" and "-" needs a name in front, such as my-model=mlflow:…`,
    );
  }
  return {
    kind: 'mlflow',
    name: served,
    model: decodedModel,
    alias: alias === undefined ? undefined : decoded(alias),
    version,
  };
}

function parseArchive(location: string) {
  const url = URL.canParse(location) ? new URL(location) : null;
  if (!url || !/\.(?:tar\.gz|tgz)$/i.test(url.pathname)) {
    throw new AddressError('expected an address that ends in .tar.gz or .tgz');
  }
  const sha256 = /^#sha256=([0-9a-fA-F]{64})$/.exec(url.hash)?.[1]?.toLowerCase();
  if (url.hash !== '' && sha256 === undefined) {
    throw new AddressError('after # only sha256=… with 64 hexadecimal digits is allowed');
  }
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLoopback && sha256 === undefined) {
    throw new AddressError(
      'plain http is taken with #sha256=… only: anyone could change it on its way',
    );
  }
  url.hash = '';
  return { kind: 'archive', url: url.href, sha256 } as const;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError('the address holds a % that begins no escape');
  }
}

/** The address of an archive without what may be secret in it: user, password, query. */
export function archiveLabel(address: string): string {
  const url = new URL(address);
  return `${url.protocol}//${url.host}${url.pathname}`;
}
