import path from 'node:path';
import { z } from 'zod';
import { readIfThere } from './labels.ts';
import { ManifestError, type InferredSections } from './manifest.ts';
import type { VersionAssets } from './model-folder.ts';

/** The part of a Hugging Face `config.json` that serving needs. Unknown keys are left alone. */
const configSchema = z.object({
  architectures: z.array(z.string()).nullish(),
  problem_type: z.string().nullish(),
  id2label: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).nullish(),
});

const modulesSchema = z.array(z.object({ type: z.string() }));

const poolingSchema = z.object({
  pooling_mode_cls_token: z.boolean().optional(),
  pooling_mode_mean_tokens: z.boolean().optional(),
});

/** What a Hugging Face export says of itself. */
export interface HuggingFaceExport {
  /** Sections that stand in for a missing model.yaml. */
  readonly sections: InferredSections;
  /** Labels of `id2label`, in the order of the classes. */
  readonly labels: readonly string[] | null;
}

/**
 * Reads what the exporters of Hugging Face (Optimum, transformers, sentence-transformers) write
 * beside a model: the task and its labels, whether texts are tokenized, how vectors are pooled.
 *
 * @param directories folders to look in, the first wins
 * @throws {ManifestError} naming the file that is not what it should be
 */
export async function readHuggingFace(
  directories: readonly string[],
  assets: VersionAssets,
): Promise<HuggingFaceExport> {
  const input = assets.tokenizer ? { kind: 'text', encoding: 'tokenizer' } : undefined;
  const config = assets.config === null ? null : await readJson(assets.config, configSchema);
  if (!config) return { sections: { input }, labels: null };
  const output = assets.tokenizer ? await inferOutput(config, directories) : undefined;
  return { sections: { input, output }, labels: labelsOf(config.id2label) };
}

async function inferOutput(
  config: z.infer<typeof configSchema>,
  directories: readonly string[],
): Promise<Record<string, unknown> | undefined> {
  const architecture = config.architectures?.[0] ?? '';
  const classes = Object.keys(config.id2label ?? {}).length;
  if (architecture.endsWith('ForSequenceClassification') || (architecture === '' && classes > 0)) {
    if (config.problem_type === 'multi_label_classification') return { kind: 'multi-label' };
    if (config.problem_type === 'regression' || classes === 1) return { kind: 'regression' };
    return { kind: 'classification', activation: 'softmax' };
  }
  // Other heads (tokens, questions, generation) have no answer of one kind: their tensors are served.
  if (/For[A-Z]/.test(architecture)) return undefined;
  return { kind: 'embedding', ...(await readSentenceTransformer(directories)) };
}

/** How a sentence-transformers model makes one vector of those of its tokens. */
async function readSentenceTransformer(
  directories: readonly string[],
): Promise<Record<string, unknown>> {
  const read = async <T>(file: string, schema: z.ZodType<T>): Promise<T | null> => {
    for (const directory of directories) {
      const found = await readJson(path.join(directory, file), schema);
      if (found) return found;
    }
    return null;
  };
  const pooling = await read('1_Pooling/config.json', poolingSchema);
  const modules = await read('modules.json', modulesSchema);
  return {
    ...(pooling?.pooling_mode_cls_token && { pooling: 'cls' }),
    ...(pooling?.pooling_mode_mean_tokens && { pooling: 'mean' }),
    ...(modules?.some(({ type }) => type.endsWith('.Normalize')) && { normalize: true }),
  };
}

/** Labels by class number; a list with gaps would name the wrong class. */
function labelsOf(id2label: Record<string, string> | null | undefined): string[] | null {
  if (!id2label) return null;
  const count = Object.keys(id2label).length;
  const labels = Array.from({ length: count }, (_, i) => id2label[String(i)]);
  if (count === 0 || !labels.every((label) => label !== undefined)) {
    throw new ManifestError('config.json, id2label: expected a label for each class from 0 on');
  }
  return labels;
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readIfThere(file);
  if (text === null) return null;
  const name = path.basename(file);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ManifestError(`${name} is not valid JSON`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.path.map(String).join('.') ?? '';
  throw new ManifestError(`${name}, ${key}: ${issue?.message ?? 'is not as expected'}`);
}
