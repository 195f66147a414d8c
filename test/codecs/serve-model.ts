import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createCodecs, type Codecs } from '../../src/codecs/create-codecs.ts';
import type { ModelInput } from '../../src/services/model-input.ts';
import { ModelRepository, type ModelFolder } from '../../src/repository/model-repository.ts';
import type { LoadedModel } from '../../src/runtimes/engine.ts';
import { onnxEngine } from '../../src/runtimes/engines/onnx.ts';
import { tfjsEngine } from '../../src/runtimes/engines/tfjs.ts';
import { sliceRows, type Datatype, type Tensor, type TensorMap } from '../../src/tensor/tensor.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Models made for the tests. */
export const FIXTURES = path.join(ROOT, 'test/fixtures/models');

/** Models that ship. */
export const SHIPPED = path.join(ROOT, 'models');

/** What one input was answered. */
export interface Answer {
  readonly prediction: unknown;
  readonly confidence: number | null;
  readonly scores: { label: string; score: number }[] | null;
  readonly outputs: TensorMap;
}

/** A model read, loaded and decoded as the server does it, but in this thread and without a queue. */
export class ServedModel {
  readonly folder: ModelFolder;
  readonly codecs: Codecs;
  readonly model: LoadedModel;

  constructor(folder: ModelFolder, codecs: Codecs, model: LoadedModel) {
    this.folder = folder;
    this.codecs = codecs;
    this.model = model;
  }

  /** Answers inputs as one batch, in order. */
  async predict(...inputs: ModelInput[]): Promise<Answer[]> {
    const { input, output } = this.codecs;
    const encoded = await Promise.all(inputs.map(async (each) => input.prepare(each).encode()));
    const outputs = await this.model.run(input.collate(encoded), output.needed);
    return encoded.map((each, row) => {
      const own: Record<string, Tensor> = {};
      for (const [name, tensor] of Object.entries(outputs))
        own[name] = sliceRows(tensor, row, row + 1);
      const kept = output.postprocess(own, each);
      return {
        prediction: output.prediction(kept),
        confidence: output.confidence(kept),
        scores: output.scores(kept, 3),
        outputs: kept,
      };
    });
  }
}

/** Reads and loads a model of a folder of models. */
export async function serveModel(root: string, name: string): Promise<ServedModel> {
  const folder = await new ModelRepository(root).read(name);
  const version = folder.versions.at(-1);
  if (!version) throw new Error(folder.problem ?? folder.broken.at(-1)?.problem ?? 'no version');
  const engine = version.engine === 'onnx' ? onnxEngine : tfjsEngine;
  const { entry } = version;
  const model = await engine.load({
    engine: engine.name,
    path: entry,
    options: folder.manifest!.options,
  });
  return new ServedModel(folder, await createCodecs(folder, version, model.signature), model);
}

/** A tensor as the expected answers hold it. */
export interface ExpectedTensor {
  readonly datatype: Datatype;
  readonly shape: number[];
  readonly data: unknown[];
}

/** A case of the expected answers. */
export interface ExpectedCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, ExpectedTensor>>;
  readonly outputs: Readonly<Record<string, ExpectedTensor>>;
  readonly [more: string]: unknown;
}

/** Cases of one model, and the largest difference that is allowed. */
export interface ExpectedAnswers {
  readonly cases: ExpectedCase[];
  readonly tolerance: number;
}

/** Reads `test/fixtures/expected/<name>.json`. */
export async function readExpected<T = ExpectedAnswers>(name: string): Promise<T> {
  return JSON.parse(
    await readFile(path.join(FIXTURES, '../expected', `${name}.json`), 'utf8'),
  ) as T;
}

/** The largest difference between numbers in equal places; infinite when the lengths differ. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest;
}
