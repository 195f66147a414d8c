import { z } from 'zod';
import { accessSection, costSection } from './manifest/access.ts';
import { captureSection } from './manifest/capture.ts';
import { entitiesSection } from './manifest/entities.ts';
import type { FeatureColumn } from './manifest/features-input.ts';
import { inputSection } from './manifest/input.ts';
import { outputSection } from './manifest/output.ts';
import { remoteSection } from './manifest/remote.ts';
import { identifier, section } from './manifest/section.ts';
import {
  DEFAULT_BATCH_SIZE,
  batchingSection,
  cacheSection,
  workersSection,
} from './manifest/serving.ts';
import { trafficSection, versionsSection } from './manifest/versions.ts';

/**
 * The zod schema of `model.yaml`; its sections stand in `manifest/`. Whatever can be read from the
 * model's files is optional here. docs/models.md documents each key.
 */

const example = section({
  /** An input as a client sends it; `image` may name a file of the model's folder. */
  input: z.record(z.string(), z.unknown()),
  /** What the model answers, for readers. */
  prediction: z.unknown().optional(),
});

/** Everything that a `model.yaml` may say. */
export const manifestSchema = section({
  description: z.string().max(2000).optional(),
  /** @default told by the files */
  runtime: z.enum(['tfjs', 'onnx', 'remote']).optional(),
  /** Where a remote engine is; a version may have its own in `<version>/remote.yaml`. */
  remote: remoteSection.optional(),
  /** File of each version that holds the model. @default model.onnx, model.json, saved_model.pb … */
  file: z.string().min(1).max(256).optional(),
  /** Settings of the engine, checked by it. */
  options: z.record(z.string(), z.unknown()).default({}),
  input: inputSection.prefault({ kind: 'tensors' }),
  output: outputSection.prefault({ kind: 'tensors' }),
  batching: batchingSection.prefault({}),
  workers: workersSection.prefault({}),
  cache: cacheSection.prefault({}),
  versions: versionsSection.prefault({}),
  traffic: trafficSection.prefault({}),
  /** Version that serves when a request names none. @default the highest */
  version: identifier.optional(),
  examples: z.array(example).max(100).default([]),
  entities: entitiesSection,
  access: accessSection.prefault({}),
  cost: costSection.prefault({}),
  capture: captureSection.prefault({}),
});

/** A checked manifest, defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Input section of a manifest. */
export type InputManifest = Manifest['input'];

/** Output section of a manifest. */
export type OutputManifest = Manifest['output'];

/** A text as a bag of hashed n-grams. */
export type HashedTextManifest = Extract<InputManifest, { encoding: 'hashed-ngrams' }>;

/** A text as tokens. */
export type TokenizedTextManifest = Extract<InputManifest, { encoding: 'tokenizer' }>;

/** An image. */
export type ImageManifest = Extract<InputManifest, { kind: 'image' }>;

/** A row of a table. */
export type FeaturesManifest = Extract<InputManifest, { kind: 'features' }>;

export type { FeatureColumn };

/** Raised for a manifest that cannot be used; the message names file, key and what is allowed. */
export class ManifestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ManifestError';
  }
}

/** Sections for a manifest that lacks them, as the model's other files suggest. */
export interface InferredSections {
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  readonly output?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Checks the parsed content of a `model.yaml`.
 *
 * @param content what the YAML says; `null` or `undefined` stand for an empty file
 * @param inferred sections to take where the content has none
 * @throws {ManifestError} with a part for each bad key
 */
export function parseManifest(content: unknown, inferred: InferredSections = {}): Manifest {
  const given = content ?? {};
  const filled: unknown =
    typeof given === 'object' && !Array.isArray(given) ? { ...defined(inferred), ...given } : given;
  const parsed = manifestSchema.safeParse(withRemote(filled));
  if (parsed.success) return withBatchSize(parsed.data);
  throw new ManifestError(parsed.error.issues.map(describe).join('; '));
}

/** `url` and `protocol` of a remote engine may stand beside `runtime`, where nothing else is said. */
function withRemote(content: unknown): unknown {
  if (typeof content !== 'object' || content === null) return content;
  const { url, protocol, ...rest } = content as Record<string, unknown>;
  if (rest.runtime !== 'remote' || (url === undefined && protocol === undefined)) return content;
  const section = typeof rest.remote === 'object' ? rest.remote : {};
  const given = { ...(url !== undefined && { url }), ...(protocol !== undefined && { protocol }) };
  return { ...rest, remote: { ...given, ...section } };
}

/** An engine elsewhere may say itself how much it takes at once. */
function withBatchSize(manifest: Manifest): Manifest {
  const { runtime, batching } = manifest;
  if (runtime === 'remote') return manifest;
  const { enabled, maxBatchSize = DEFAULT_BATCH_SIZE, maxDelayMs } = batching;
  const given = { ...(enabled !== undefined && { enabled }), maxBatchSize, maxDelayMs };
  return { ...manifest, batching: given };
}

function defined({ input, output }: InferredSections): Record<string, unknown> {
  return { ...(input && { input }), ...(output && { output }) };
}

function describe(issue: z.core.$ZodIssue): string {
  const key = issue.path.length > 0 ? issue.path.map(String).join('.') : 'the file';
  const { message } = issue;
  // The two commonest mistakes deserve better words than zod's.
  if (issue.code === 'invalid_union' && 'options' in issue) {
    return `model.yaml, ${key}: expected one of ${(issue.options as unknown[]).map(String).join(', ')}`;
  }
  if (issue.code === 'invalid_type' && message.endsWith('received undefined')) {
    return `model.yaml, ${key}: missing; expected ${issue.expected}`;
  }
  return `model.yaml, ${key}: ${message.replace(/^Invalid (?:input|option): /, '')}`;
}
