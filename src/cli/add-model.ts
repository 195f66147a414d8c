import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { GraphQLObjectType, printType } from 'graphql';
import { buildSchema } from '../../schema/index.ts';
import { loadConfig, type Config } from '../config.ts';
import { AddressError, parseAddress } from '../repository/sources/address.ts';
import { ByteBudget } from '../repository/sources/byte-budget.ts';
import { createSources } from '../repository/sources/create-sources.ts';
import { download } from '../repository/sources/download.ts';
import { SourceClient } from '../repository/sources/http.ts';
import { patienceOf } from '../repository/sources/models-url.ts';
import { SourceError, type SourceModel } from '../repository/sources/source.ts';
import type { ModelStatus } from '../services/model-status.ts';
import { openModels } from './offline-models.ts';
import { UsageError } from './report.ts';

/** Options of `models add`. */
export interface AddOptions {
  readonly models?: string;
  /** The former name of `--models`. */
  readonly dir?: string;
  readonly name?: string;
  readonly force?: boolean;
}

/**
 * Puts a model into the folder of models: fetches it beside, loads and warms it there, and moves it
 * into place only when it serves. Prints the typed field that it will have.
 *
 * @param address as `MODELS_URL` takes one: a folder, a file, `hf://…` and so on
 * @throws {UsageError} saying why the model cannot be used; the folder is as it was
 */
export async function addModel(
  address: string,
  { models, dir = models, name, force }: AddOptions,
): Promise<void> {
  const config = loadConfig({ ...process.env, ...(dir !== undefined && { MODELS_DIR: dir }) });
  const root = config.modelsDir;
  await mkdir(root, { recursive: true });
  // Hidden, so that a server that watches the folder does not see it; of the same file system.
  const staging = await mkdtemp(path.join(root, '.adding-'));
  try {
    const model = await fetchModel(
      name === undefined ? address : `${name}=${address}`,
      config,
      staging,
    );
    const target = path.join(root, model);
    if (!force && (await isThere(target))) {
      throw new UsageError(`There is a model "${model}" already; --force replaces it.`);
    }
    const status = await tryModel(staging, model);
    if (force) await rename(target, path.join(staging, '.replaced')).catch(() => undefined);
    await rename(path.join(staging, model), target);
    process.stdout.write(describe(status, config));
  } catch (error) {
    if (error instanceof AddressError || error instanceof SourceError) {
      throw new UsageError(error.message);
    }
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function fetchModel(address: string, config: Config, staging: string): Promise<string> {
  const patience = patienceOf(config);
  const client = new SourceClient(patience);
  const [source] = createSources([parseAddress(address)], config, patience);
  if (!source) throw new UsageError('There is no address.');
  const { signal } = new AbortController();
  const budget = new ByteBudget(
    config.modelsMaxBytes,
    () => new SourceError(`${source.label} is larger than MODELS_MAX_BYTES allows`),
  );
  const scratch = await mkdtemp(path.join(staging, '.scratch-'));
  const listing = await source.list({ signal, scratch, state: undefined, budget });
  const [refused] = listing === 'unchanged' ? [] : listing.refused;
  const models = listing === 'unchanged' ? [] : listing.models;
  const [model] = models;
  if (!model) throw new UsageError(refused?.problem ?? `${source.label} holds no model.`);
  if (models.length > 1) {
    const names = models.map((each) => each.name).join(', ');
    throw new UsageError(
      `${source.label} holds several models (${names}): name the folder of one.`,
    );
  }
  await writeFiles(model, path.join(staging, model.name), { client, budget, signal });
  return model.name;
}

async function writeFiles(
  model: SourceModel,
  directory: string,
  options: { client: SourceClient; budget: ByteBudget; signal: AbortSignal },
): Promise<void> {
  let bytes = 0;
  let told = 0;
  for (const file of model.files) {
    await options.client.retry(options.signal, () =>
      download(file, directory, {
        ...options,
        onBytes: (more) => {
          bytes += more;
          if (bytes - told < 16 * 1024 ** 2) return;
          told = bytes;
          process.stderr.write(`${model.name}: ${Math.round(bytes / 1024 ** 2)} MB\n`);
        },
      }),
    );
  }
  process.stderr.write(`${model.name}: ${model.files.length} files, ${bytes} bytes\n`);
}

/** Loads and warms a model. */
async function tryModel(directory: string, name: string): Promise<ModelStatus> {
  const models = await openModels({ directory, only: name });
  try {
    const status = models.catalog.get(name);
    if (status && status.servingVersion !== null) return status;
    throw new UsageError(`${name} cannot be used: ${status?.reason ?? 'no reason is known'}`);
  } finally {
    await models.close();
  }
}

/** The model's typed field as the schema writes it, and where it can be asked for. */
function describe(model: ModelStatus, config: Config): string {
  const query = buildSchema([model], config).getQueryType();
  const without = buildSchema([], config).getQueryType()?.getFields() ?? {};
  const fields = Object.entries(query?.toConfig().fields ?? {});
  const typed = fields.filter(([field]) => !(field in without));
  const version = model.versions.find((each) => each.version === model.servingVersion);
  const kinds = `${model.inputKind ?? 'tensors'} → ${model.outputKind ?? 'tensors'}`;
  const loaded = `Added "${model.name}" (${kinds}, ${version?.engine ?? 'no engine'}, loaded in ${Math.round(version?.loadMs ?? 0)} ms).\n`;
  if (typed.length === 0) return `${loaded}It has no typed field: use predict.\n`;
  const shown = new GraphQLObjectType({ name: 'Query', fields: Object.fromEntries(typed) });
  return `${loaded}Its typed field:\n\n${printType(shown)}\n`;
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}
