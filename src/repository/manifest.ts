import { z } from 'zod';

/**
 * The zod schema of `model.yaml`. Whatever can be read from the model's files is optional here.
 * docs/models.md documents each key.
 */

const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'letters, digits, ".", "_" and "-", at most 128');

const range = z.tuple([z.int().min(0).max(16), z.int().min(0).max(16)]);

const hashedNgrams = z.strictObject({
  buckets: z
    .int()
    .min(2)
    .max(2 ** 24),
  wordNgrams: range.default([1, 2]),
  wordSkips: z.int().min(0).max(16).default(0),
  charNgrams: range.default([3, 5]),
  charScope: z.enum(['word', 'text']).default('text'),
  seed: z.int().default(0),
  maxNgrams: z.int().min(1).max(1_000_000).default(16_384),
});

const textInput = z.strictObject({
  kind: z.literal('text'),
  encoding: z.enum(['hashed-ngrams']).default('hashed-ngrams'),
  hashedNgrams: hashedNgrams,
  /** Longest text, in UTF-16 units. */
  maxLength: z.int().min(1).max(10_000_000).default(10_000),
  tensors: z
    .strictObject({ values: z.string().min(1), segments: z.string().min(1) })
    .default({ values: 'indices', segments: 'segments' }),
});

const tensorsInput = z.strictObject({ kind: z.literal('tensors') });

const input = z.discriminatedUnion('kind', [textInput, tensorsInput]);

const labels = z.union([z.array(z.string().min(1)).min(1), z.string().min(1)]);

const classificationOutput = z.strictObject({
  kind: z.literal('classification'),
  /** Output tensor that holds a score for each class. @default the only output */
  tensor: z.string().min(1).optional(),
  /** What turns the tensor into probabilities. */
  activation: z.enum(['none', 'softmax']).default('none'),
  /** The labels, or the name of a file with one a line. @default labels.txt, else class numbers */
  labels: labels.optional(),
});

const tensorsOutput = z.strictObject({ kind: z.literal('tensors') });

const output = z.discriminatedUnion('kind', [classificationOutput, tensorsOutput]);

const batching = z.strictObject({
  /** Most inputs of one batch. */
  maxBatchSize: z.int().min(1).max(4096).default(64),
  /** How long a batch may wait for more inputs although a worker is idle, in milliseconds. */
  maxDelayMs: z.number().min(0).max(10_000).default(0),
});

const workers = z.strictObject({
  /** @default WORKERS_PER_MODEL */
  count: z.int().min(1).max(64).optional(),
  isolation: z.enum(['thread', 'process']).default('thread'),
});

const cache = z.strictObject({
  enabled: z.boolean().default(true),
  /** @default CACHE_TTL_SECONDS */
  ttlSeconds: z.int().min(0).max(31_536_000).optional(),
});

/** Everything that a `model.yaml` may say. */
export const manifestSchema = z.strictObject({
  description: z.string().max(2000).optional(),
  runtime: z.enum(['tfjs', 'onnx']).optional(),
  /** Settings of the engine, checked by it. */
  options: z.record(z.string(), z.unknown()).default({}),
  input: input.default({ kind: 'tensors' }),
  output: output.default({ kind: 'tensors' }),
  batching: batching.prefault({}),
  workers: workers.prefault({}),
  cache: cache.prefault({}),
  /** Version that serves when a request names none. @default the highest */
  version: identifier.optional(),
  examples: z
    .array(
      z.strictObject({
        input: z.record(z.string(), z.unknown()),
        prediction: z.unknown().optional(),
      }),
    )
    .default([]),
});

/** A checked manifest, defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Input section of a manifest. */
export type InputManifest = Manifest['input'];

/** Output section of a manifest. */
export type OutputManifest = Manifest['output'];

/** Raised for a manifest that cannot be used; the message names file, key and what is allowed. */
export class ManifestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ManifestError';
  }
}

/**
 * Checks the parsed content of a `model.yaml`.
 *
 * @throws {ManifestError} with one line for each bad key
 */
export function parseManifest(content: unknown): Manifest {
  const parsed = manifestSchema.safeParse(content ?? {});
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const key = issue.path.length > 0 ? issue.path.map(String).join('.') : 'the file';
    return `model.yaml, ${key}: ${issue.message}`;
  });
  throw new ManifestError(lines.join('; '));
}
