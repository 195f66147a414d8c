import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { ManifestError, parseManifest } from '../../../src/repository/manifest.ts';

const FILES = readdirSync('models')
  .map((name) => `models/${name}/model.yaml`)
  .filter((file) => existsSync(file))
  .map((file) => readFileSync(file, 'utf8'));

const WORDS = [
  'runtime',
  'input',
  'output',
  'kind',
  'columns',
  'labels',
  'batching',
  'cache',
  'workers',
  'text',
  'features',
  'image',
  'tensors',
  'classification',
  'tensor',
  'versions',
  'traffic',
  'shadow',
  '__proto__',
  'constructor',
  'examples',
  'onnx',
  'tfjs',
  'remote',
];

const word = fc.constantFrom(...WORDS);

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.string({ maxLength: 20 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(word, tie('any'), { maxKeys: 6 }),
  ),
})).any;

/** Texts of `model.yaml`: made up, and real ones with lines cut, doubled or changed. */
export const manifests: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.dictionary(word, value, { maxKeys: 8 }).map((content) => stringify(content)),
  fc
    .record({
      file: fc.constantFrom(...FILES),
      line: fc.nat(40),
      count: fc.nat(4),
      put: fc.array(fc.oneof(word, fc.string({ maxLength: 20 })), { maxLength: 3 }),
    })
    .map(({ file, line, count, put }) => {
      const lines = file.split('\n');
      lines.splice(line, count, ...put);
      return lines.join('\n');
    }),
  fc
    .record({ file: fc.constantFrom(...FILES), key: word, value })
    .map(({ file, key, value: put }) => stringify({ ...(parse(file) as object), [key]: put })),
);

/**
 * Reads manifests. What is wrong with one must be told as what it is.
 *
 * @returns how many were read
 * @throws {Error} for any other error
 */
export function fuzzManifests(runs: number, seed: number): number {
  for (const text of fc.sample(manifests, { numRuns: runs, seed })) {
    let content: unknown;
    try {
      content = parse(text, { logLevel: 'silent' }) as unknown;
    } catch {
      // No YAML: the repository says so.
      continue;
    }
    try {
      parseManifest(content);
    } catch (thrown) {
      if (!(thrown instanceof ManifestError)) {
        throw new Error(`${String(thrown)} for ${JSON.stringify(text)}`, { cause: thrown });
      }
    }
  }
  return runs;
}
