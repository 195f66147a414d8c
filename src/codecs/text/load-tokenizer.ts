import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { VersionFolder } from '../../repository/model-repository.ts';
import { TextTokenizer } from './tokenizer.ts';

/** Tokens of a text where no file and no manifest says. */
const DEFAULT_MAX_TOKENS = 512;

/** The library writes 10^30 for "no limit". */
const UNLIMITED = 1e6;

const limit = z.number().positive().nullish();

const tokenizerSchema = z.looseObject({
  model: z.looseObject({}),
  truncation: z.object({ max_length: limit }).nullish(),
});

const tokenizerConfigSchema = z.looseObject({ model_max_length: limit });

const configSchema = z.looseObject({
  model_type: z.string().nullish(),
  max_position_embeddings: limit,
  pad_token_id: z.number().nullish(),
});

const sentenceConfigSchema = z.looseObject({ max_seq_length: limit });

/** Models that number positions from behind the padding token's id on. */
const SHIFTED_POSITIONS = /^(?:roberta|xlm-roberta|camembert|longformer|mpnet|data2vec-text)$/;

/**
 * Reads the tokenizer of a version.
 *
 * @param version its assets hold the files
 * @param wanted most tokens by the manifest; `undefined` leaves it to the files
 * @param fixedTokens tokens of every row, where the model's shape says
 * @throws {Error} for the operator, naming the file or key at fault
 */
export async function loadTokenizer(
  { assets }: VersionFolder,
  wanted: number | undefined,
  fixedTokens: number | null,
): Promise<TextTokenizer> {
  if (assets.tokenizer === null) {
    throw new Error(
      'model.yaml, input.encoding: tokenizer needs the file tokenizer.json beside the model',
    );
  }
  const [tokenizer, tokenizerConfig, config, sentenceConfig] = await Promise.all([
    readJson(assets.tokenizer, tokenizerSchema),
    readJson(assets.tokenizerConfig, tokenizerConfigSchema),
    readJson(assets.config, configSchema),
    readJson(assets.sentenceConfig, sentenceConfigSchema),
  ]);
  const capacity = Math.min(config?.max_position_embeddings ?? Infinity, fixedTokens ?? Infinity);
  if (wanted !== undefined && wanted > capacity) {
    throw new Error(
      `model.yaml, input.maxTokens: ${wanted}, but the model takes ${capacity} tokens`,
    );
  }
  const trained =
    sentenceConfig?.max_seq_length ??
    tokenizerConfig?.model_max_length ??
    tokenizer?.truncation?.max_length ??
    Infinity;
  const told = trained < UNLIMITED ? trained : (usablePositions(config ?? {}) ?? fixedTokens);
  const maxTokens = wanted ?? Math.min(told ?? DEFAULT_MAX_TOKENS, capacity);
  try {
    const padId = config?.pad_token_id ?? undefined;
    return new TextTokenizer({
      tokenizer: tokenizer ?? {},
      config: tokenizerConfig ?? {},
      maxTokens,
      ...(padId !== undefined && { padId }),
    });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`tokenizer.json cannot be used: ${why}`, { cause: thrown });
  }
}

/** Positions that a text can take, where nothing but the configuration of the model says. */
function usablePositions(config: z.infer<typeof configSchema>): number | null {
  const { max_position_embeddings: positions, model_type: type, pad_token_id: padId } = config;
  if (positions === undefined || positions === null) return null;
  return SHIFTED_POSITIONS.test(type ?? '') ? positions - (padId ?? 1) - 1 : positions;
}

async function readJson<T>(file: string | null, schema: z.ZodType<T>): Promise<T | null> {
  if (file === null) return null;
  const name = path.basename(file);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new Error(`${name} cannot be read or is not valid JSON`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${name}, ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'bad'}`,
  );
}
