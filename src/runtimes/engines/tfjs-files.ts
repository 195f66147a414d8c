import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { io } from '@tensorflow/tfjs-core';

/** The part of a `model.json` that is read here; the rest is the library's. */
const modelSchema = z.looseObject({
  modelTopology: z.looseObject({}),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.looseObject({ name: z.string(), shape: z.array(z.int().min(0)), dtype: z.string() }),
      ),
    }),
  ),
});

/**
 * Reads a `model.json` and its weight shards from disk, since TensorFlow.js itself can read only
 * from URLs without its native package.
 *
 * @throws {Error} naming the file that is missing, unreadable or too short
 */
export async function readTfjsArtifacts(file: string): Promise<io.ModelArtifacts> {
  const json = parse(await readFile(file, 'utf8'), path.basename(file));
  const groups = json.weightsManifest;
  const folder = path.dirname(file);
  const names = groups.flatMap((group) => group.paths);
  const shards = await Promise.all(
    names.map(async (name) => {
      // Shards stand beside model.json; a path that leads elsewhere is not one of ours.
      if (path.basename(name) !== name)
        throw new Error(`weight shard ${name} is not beside model.json`);
      return readFile(path.join(folder, name)).catch(() => {
        throw new Error(`weight shard ${name} cannot be read`);
      });
    }),
  );
  const [first] = shards;
  const joined = shards.length === 1 && first ? first : Buffer.concat(shards);
  const weightSpecs = groups.flatMap((group) => group.weights);
  const expected = weightSpecs.reduce((sum, spec) => sum + weightBytes(spec), 0);
  const hasStrings = weightSpecs.some(({ dtype }) => dtype === 'string');
  if (joined.byteLength < expected) {
    throw new Error(
      `the weights hold ${joined.byteLength} bytes of ${expected}: a shard is cut short`,
    );
  }
  if (joined.byteLength > expected && !hasStrings) {
    throw new Error(
      `the weights hold ${joined.byteLength} bytes, but model.json describes ${expected}: ` +
        'the shards belong to another model',
    );
  }
  // All but the weights is the library's, such as a graph that fills hash tables. How the model was
  // trained is of no use here, and an optimizer that the library does not know would fail the load.
  const rest = { ...json, weightsManifest: undefined, trainingConfig: undefined };
  const { buffer, byteOffset, byteLength } = joined;
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  return {
    ...(rest as Omit<io.ModelJSON, 'weightsManifest' | 'trainingConfig'>),
    weightSpecs,
    // The weights are held once: a buffer of their own is not copied.
    weightData: isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength),
  };
}

function parse(text: string, name: string): io.ModelJSON {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${name} is not valid JSON`);
  }
  const parsed = modelSchema.safeParse(content);
  if (parsed.success) return parsed.data as unknown as io.ModelJSON;
  const [issue] = parsed.error.issues;
  const key = issue?.path.map(String).join('.') ?? '';
  throw new Error(
    `${name} is not a TensorFlow.js model: ${key === '' ? '' : `${key}: `}${issue?.message ?? ''}`,
  );
}

/** Stored size of a weight; 0 for strings, whose size is in the data. */
function weightBytes(spec: io.WeightsManifestEntry): number {
  const count = spec.shape.reduce((product, size) => product * size, 1);
  const stored = spec.quantization?.dtype ?? spec.dtype;
  switch (stored) {
    case 'string':
      return 0;
    case 'bool':
    case 'uint8':
      return count;
    case 'uint16':
    case 'float16':
      return 2 * count;
    case 'complex64':
      return 8 * count;
    default:
      return 4 * count;
  }
}
