import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exportAdvice } from '../repository/stray-files.ts';
import type { ModelStatus } from '../services/model-status.ts';
import { writeManifest } from './manifest-template.ts';
import { openModels } from './offline-models.ts';
import { UsageError } from './report.ts';
import { findHints } from './validate.ts';

/** Options of `init`. */
export interface InitOptions {
  readonly models?: string;
  readonly name?: string;
}

/**
 * Makes a model's folder out of a file: `<name>/model.yaml`, commented, and `<name>/1/`. The model
 * is loaded first; where it cannot be, nothing is written.
 *
 * @throws {UsageError} saying why the file cannot be served
 */
export async function initModel(file: string, { models = '.', name }: InitOptions): Promise<void> {
  const sources = await findSources(file);
  const model = name ?? defaultName(file);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(model)) {
    throw new UsageError('A name has letters, digits, ".", "_" and "-", at most 128: use --name.');
  }
  const target = path.join(models, model);
  if (await stat(target).catch(() => null)) {
    throw new UsageError(`${target} exists already; choose another name with --name.`);
  }
  const trial = await mkdtemp(path.join(os.tmpdir(), 'ml-inference-api-'));
  try {
    await copyInto(path.join(trial, model, '1'), sources);
    const status = await load(trial, model);
    await writeFile(path.join(trial, model, 'model.yaml'), writeManifest(status));
    await mkdir(models, { recursive: true });
    await cp(path.join(trial, model), target, { recursive: true });
    process.stdout.write(`${path.join(target, 'model.yaml')}\n${path.join(target, '1')}\n`);
    for (const hint of findHints(status)) process.stderr.write(`hint: ${hint}\n`);
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

function defaultName(file: string): string {
  const { name, dir } = path.parse(path.resolve(file));
  const isGeneric = ['model', 'saved_model'].includes(name);
  const wanted = isGeneric ? path.basename(dir) : name;
  return wanted.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'model';
}

async function load(directory: string, name: string): Promise<ModelStatus> {
  const models = await openModels({ directory, only: name });
  try {
    const status = models.catalog.get(name);
    if (status && status.servingVersion !== null) return status;
    const reason = status?.versions[0]?.reason ?? status?.reason ?? 'it cannot be loaded';
    throw new UsageError(`This is not a model that can be served: ${reason}`);
  } finally {
    await models.close();
  }
}

interface Source {
  readonly from: string;
  readonly to: string;
}

/** The file, and those that belong to it. */
async function findSources(file: string): Promise<Source[]> {
  const stats = await stat(file).catch(() => null);
  if (!stats) throw new UsageError(`There is no ${file}.`);
  if (stats.isDirectory()) {
    const names = await readdir(file);
    const known = ['saved_model.pb', 'model.json', 'model.onnx', 'config.json'];
    if (!names.some((each) => known.includes(each) || each.endsWith('.onnx'))) {
      throw new UsageError(`There is no model.onnx, model.json or saved_model.pb in ${file}.`);
    }
    return names.map((each) => ({ from: path.join(file, each), to: each }));
  }
  const directory = path.dirname(file);
  const base = path.basename(file);
  const extension = path.extname(base).toLowerCase();
  const other = exportAdvice(base);
  if (other !== undefined) throw new UsageError(`${other}.`);
  if (extension === '.onnx' || extension === '.ort') {
    const beside = (await readdir(directory)).filter(
      (each) => each === `${base}.data` || each === `${base}_data` || each === 'tokenizer.json',
    );
    const to = extension === '.onnx' ? 'model.onnx' : base;
    return [
      { from: file, to },
      ...beside.map((each) => ({ from: path.join(directory, each), to: each })),
    ];
  }
  if (extension === '.json') return [{ from: file, to: 'model.json' }, ...(await shards(file))];
  throw new UsageError(
    `${base} is not a model that can be served: give a .onnx file, a model.json of TensorFlow.js ` +
      'or the folder of a SavedModel.',
  );
}

/** Weight files of a TensorFlow.js model. */
async function shards(file: string): Promise<Source[]> {
  const text = await readFile(file, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UsageError(`${path.basename(file)} is not JSON.`);
  }
  const { weightsManifest } = content as { weightsManifest?: { paths?: unknown }[] };
  const names = (Array.isArray(weightsManifest) ? weightsManifest : [])
    .flatMap(({ paths }) => (Array.isArray(paths) ? (paths as unknown[]) : []))
    .filter((each): each is string => typeof each === 'string' && path.basename(each) === each);
  return names.map((each) => ({ from: path.join(path.dirname(file), each), to: each }));
}

async function copyInto(folder: string, sources: readonly Source[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { from, to } of sources) await cp(from, path.join(folder, to), { recursive: true });
}
