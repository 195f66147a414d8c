import { createApiKey } from '../access/api-key.ts';
import type { AccessKey } from '../access/access-file.ts';
import { addKey, readAccessFile, revokeKey } from '../access/access-file-editor.ts';
import { AccessFileError } from '../access/access-file.ts';
import { EXPIRY_EXAMPLES, parseExpiry } from '../access/expiry.ts';
import { SCOPE_FORM } from '../access/grant.ts';
import { SCOPES } from '../services/principal.ts';
import { modelScopes } from './model-scopes.ts';
import { formatRate, parseRate, RATE_EXAMPLES } from '../access/rate.ts';
import { UsageError } from './report.ts';
import { formatTable } from './table.ts';

/** Scopes of a key that is created without any. */
export const DEFAULT_KEY_SCOPES = 'predict,models:read';

const ALLOWED = `allowed are ${SCOPES.join(', ')}`;

/** Options that all `keys` commands have. */
export interface KeysOptions {
  readonly file?: string;
}

/** Options of `keys create`. */
export interface CreateKeyOptions extends KeysOptions {
  readonly scopes?: string;
  readonly anyScope?: boolean;
  readonly models?: string;
  readonly rate?: string;
  readonly expires?: string;
  readonly weight?: string;
}

/** Options of `keys list`. */
export interface ListKeysOptions extends KeysOptions {
  readonly json?: boolean;
}

/** Adds a key to the access file. The key alone goes to the standard output, this once. */
export async function createKey(name: string, options: CreateKeyOptions): Promise<void> {
  const file = fileOf(options);
  const now = new Date();
  const scopes = splitList(options.scopes ?? DEFAULT_KEY_SCOPES);
  const wrong = scopes.find((scope) => !SCOPE_FORM.test(scope));
  if (wrong !== undefined || scopes.length === 0) {
    throw new UsageError(`--scopes takes names such as predict,models:read; ${ALLOWED}.`);
  }
  if (!options.anyScope) await refuseUnknown(scopes);
  if (name === '' || name.length > 100 || /\p{C}/u.test(name)) {
    throw new UsageError('NAME must have 1 to 100 visible characters.');
  }
  const rate = options.rate === undefined ? undefined : parseRate(options.rate);
  if (options.rate !== undefined && !rate) throw new UsageError(`--rate takes ${RATE_EXAMPLES}.`);
  const expires = options.expires === undefined ? undefined : parseExpiry(options.expires, now);
  if (options.expires !== undefined && !expires) {
    throw new UsageError(`--expires takes ${EXPIRY_EXAMPLES}, in the future.`);
  }
  const weight = options.weight === undefined ? undefined : Number(options.weight);
  if (weight !== undefined && !(weight >= 0.01 && weight <= 1000)) {
    throw new UsageError('--weight takes a number from 0.01 to 1000.');
  }
  const models = options.models === undefined ? undefined : splitList(options.models);
  if (models?.length === 0) throw new UsageError('--models takes names of models: a,b.');
  const { id, key, sha256 } = createApiKey();
  await change(file, () =>
    addKey(file, {
      id,
      name,
      sha256,
      scopes,
      ...(models && { models }),
      ...(rate && { rate: formatRate(rate) }),
      ...(weight !== undefined && { weight }),
      created: now.toISOString(),
      ...(expires && { expires: expires.toISOString() }),
    }),
  );
  process.stdout.write(`${key}\n`);
  process.stderr.write(
    `Key ${id} ("${name}") was added to ${file}: ${scopes.join(', ')}` +
      (models ? ` for ${models.join(', ')}` : '') +
      `${expires ? `, until ${expires.toISOString()}` : ''}.\n` +
      'It is shown this once; only its SHA-256 is stored.\n',
  );
}

/** A misspelt scope would grant nothing, and nobody would know. */
async function refuseUnknown(scopes: readonly string[]): Promise<void> {
  const unknown = scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown.length === 0) return;
  const ofModels = await modelScopes();
  const wrong = unknown.find((scope) => !ofModels.includes(scope));
  if (wrong === undefined) return;
  const more = ofModels.length > 0 ? `; of models: ${ofModels.join(', ')}` : '';
  throw new UsageError(
    `There is no scope ${JSON.stringify(wrong)}; ${ALLOWED}${more}. ` +
      '--any-scope takes what a model.yaml elsewhere asks for.',
  );
}

/** Prints the keys of the access file, without anything secret. */
export async function listKeys(options: ListKeysOptions): Promise<void> {
  const file = fileOf(options);
  const found = await change(file, () => readAccessFile(file));
  if (!found) throw new UsageError(`There is no access file ${file}.`);
  const now = new Date();
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify(
        found.keys.map((key) => toJson(key, now)),
        null,
        2,
      )}\n`,
    );
  } else if (found.keys.length === 0) process.stderr.write(`There is no key in ${file}.\n`);
  else process.stdout.write(`${toTable(found.keys, now)}\n`);
}

/** Marks a key as revoked: a server that follows the file refuses it within a second. */
export async function revoke(id: string, options: KeysOptions): Promise<void> {
  const file = fileOf(options);
  const found = await change(file, () => readAccessFile(file));
  const key = found?.keys.find((each) => each.id === id);
  if (!key) throw new UsageError(`There is no key ${JSON.stringify(id)} in ${file}.`);
  const isNew =
    key.revoked === undefined && (await change(file, () => revokeKey(file, id, new Date())));
  process.stderr.write(
    isNew ? `Key ${id} ("${key.name}") is revoked.\n` : `Key ${id} was revoked before.\n`,
  );
}

function toTable(keys: readonly AccessKey[], now: Date): string {
  return formatTable(
    ['ID', 'NAME', 'SCOPES', 'MODELS', 'RATE', 'EXPIRES', 'STATE'],
    keys.map((key) => [
      key.id,
      key.name,
      key.scopes.join(','),
      key.models?.join(',') ?? 'all',
      key.rate ? formatRate(key.rate) : '–',
      key.expires?.toISOString() ?? 'never',
      stateOf(key, now),
    ]),
  );
}

function toJson(key: AccessKey, now: Date): object {
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes,
    models: key.models ?? null,
    rate: key.rate ? formatRate(key.rate) : null,
    weight: key.weight ?? 1,
    created: key.created?.toISOString() ?? null,
    expires: key.expires?.toISOString() ?? null,
    revoked: key.revoked?.toISOString() ?? null,
    state: stateOf(key, now),
  };
}

function stateOf({ revoked, expires }: AccessKey, now: Date): 'active' | 'revoked' | 'expired' {
  if (revoked) return 'revoked';
  return expires && expires <= now ? 'expired' : 'active';
}

function fileOf({ file }: KeysOptions): string {
  const named = file ?? process.env.ACCESS_FILE;
  if (named === undefined || named === '') {
    throw new UsageError('Name the access file: --file access.yaml, or ACCESS_FILE.');
  }
  return named;
}

function splitList(text: string): readonly string[] {
  return [...new Set(text.split(',').flatMap((part) => part.trim() || []))];
}

async function change<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccessFileError) {
      throw new UsageError(`The access file ${file} cannot be used: ${error.message}.`);
    }
    throw error;
  }
}
