import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Signature } from '../../tensor/tensor.ts';
import { CategoryBins, MAX_CATEGORIES, NumericBins, type Bins } from './bins.ts';
import type { ReferenceKnowledge } from './feature-reader.ts';
import { FEATURE_SOURCES } from '../../services/drift.ts';
import type { FeatureSpec } from './features.ts';
import { Vocabulary } from './text-features.ts';
import { CHUNK_SIZES, type LearntScatter } from './thresholds.ts';

/**
 * The schema of `profile.json`: what a version's inputs and predictions are like where all is well.
 * It holds distributions and no inputs.
 */

/** Version of the schema that is written, and the only one that is read. */
export const PROFILE_SCHEMA_VERSION = 1;

/** Largest file that is read, in bytes. */
export const MAX_PROFILE_BYTES = 16 * 1024 * 1024;

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const share = z.number().min(0).max(1);
const chunks = z.array(z.number().min(0)).length(CHUNK_SIZES.length).readonly();
const scatter = z.strictObject({ mean: chunks, deviation: chunks });

const shared = {
  name: z.string().min(1).max(256),
  source: z.enum(FEATURE_SOURCES),
  /** Values in each of the bins; those of a numeric feature begin below its range. */
  counts: z.array(count).max(MAX_CATEGORIES + 2),
  /** Share of values that a fresh value of the same origin is expected to be unseen with. */
  unseen: share,
};

const numericFeature = z.strictObject({
  ...shared,
  kind: z.literal('numeric'),
  min: z.number(),
  edges: z.array(z.number()).min(1).max(100),
  mean: z.number(),
  deviation: z.number().min(0),
  scatter: z.strictObject({
    KOLMOGOROV_SMIRNOV: scatter.optional(),
    PSI: scatter.optional(),
  }),
});

const categoricalFeature = z.strictObject({
  ...shared,
  kind: z.literal('categorical'),
  categories: z.array(z.string().max(4096)).max(MAX_CATEGORIES),
  scatter: z.strictObject({ CHI_SQUARE: scatter.optional(), PSI: scatter.optional() }),
});

/** Checks the content of a `profile.json`. */
export const profileSchema = z.strictObject({
  schemaVersion: z.literal(PROFILE_SCHEMA_VERSION),
  model: z.string().min(1).max(256),
  version: z.string().min(1).max(256),
  /** Digest of the tensors that the version takes and gives. */
  signature: z.string().max(128),
  /** ISO 8601. */
  createdAt: z.string().max(64),
  source: z.enum(['data', 'live']),
  /** Rows that it was made of. */
  rows: count,
  features: z.array(z.discriminatedUnion('kind', [numericFeature, categoricalFeature])).max(2000),
  /** Hashes of known words, as base64 of 32-bit numbers. */
  vocabulary: z
    .base64()
    .max(4 * 1024 * 1024)
    .optional(),
  /** Means of tensors, by name. */
  centroids: z
    .array(z.strictObject({ name: z.string().max(256), values: z.array(z.number()).max(4096) }))
    .max(64)
    .optional(),
  /** How good the predictions were where the right answers are known. */
  accuracy: z
    .strictObject({
      rows: count,
      accuracy: share,
      meanConfidence: share,
      expectedCalibrationError: share,
    })
    .optional(),
});

/** Content of a `profile.json`. */
export type Profile = z.infer<typeof profileSchema>;

/** A feature of a {@link Profile}. */
export type ProfileFeature = Profile['features'][number];

/** Raised for a profile that cannot be used; the message says why, without a path. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** What a profile must have been made for. */
export interface ProfileOwner {
  readonly model: string;
  readonly version: string;
  readonly signature: Signature;
}

/** Names a signature: two of equal tensors have one digest. */
export function signatureDigest({ inputs, outputs }: Signature): string {
  const tensors = [inputs, outputs].map((specs) =>
    specs.map(({ name, datatype, shape }) => [name, datatype, shape]),
  );
  return createHash('sha256').update(JSON.stringify(tensors)).digest('hex').slice(0, 32);
}

/**
 * Reads a profile.
 *
 * @param owner whose it must be
 * @throws {ProfileError} for what is no profile, or that of another version or signature
 */
export function parseProfile(text: string, owner: ProfileOwner): Profile {
  if (Buffer.byteLength(text) > MAX_PROFILE_BYTES) {
    throw new ProfileError(`profile.json is larger than ${MAX_PROFILE_BYTES} bytes`);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ProfileError('profile.json is not valid JSON');
  }
  const version = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== PROFILE_SCHEMA_VERSION) {
    throw new ProfileError(
      `profile.json has schemaVersion ${show(version)}; expected ${PROFILE_SCHEMA_VERSION}`,
    );
  }
  const parsed = profileSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    throw new ProfileError(`profile.json, ${key}: ${issue?.message ?? 'is not as expected'}`);
  }
  const profile = parsed.data;
  requireOwner(profile, owner);
  for (const feature of profile.features) requireBins(feature);
  return profile;
}

function requireOwner({ model, version, signature }: Profile, owner: ProfileOwner): void {
  if (model !== owner.model || version !== owner.version) {
    throw new ProfileError(
      `profile.json is of version ${show(version)} of model ${show(model)}, ` +
        `not of version "${owner.version}" of model "${owner.model}"`,
    );
  }
  if (signature === signatureDigest(owner.signature)) return;
  throw new ProfileError(
    'profile.json was made for other inputs and outputs than the version has: make it anew',
  );
}

function requireBins(feature: ProfileFeature): void {
  const where = `profile.json, feature ${show(feature.name)}`;
  const { size } = binsOf(feature);
  if (feature.counts.length !== size) throw new ProfileError(`${where}: expected ${size} counts`);
  if (feature.kind === 'categorical') {
    if (new Set(feature.categories).size === feature.categories.length) return;
    throw new ProfileError(`${where}: a category appears twice`);
  }
  const { min, edges } = feature;
  const ascending = edges.every((edge, i) => edge > (edges[i - 1] ?? -Infinity) && edge >= min);
  if (!ascending) throw new ProfileError(`${where}: the edges must ascend from min on`);
}

/** The bins of a feature of a profile. */
export function binsOf(feature: ProfileFeature): Bins {
  return feature.kind === 'numeric'
    ? new NumericBins(feature.min, feature.edges)
    : new CategoryBins(feature.categories);
}

/** Where a feature is and what it is called. */
export function specOf({ name, source, kind }: ProfileFeature): FeatureSpec {
  return { name, source, kind };
}

/** Scatter of the learnt statistics of a feature. */
export const scatterOf = (feature: ProfileFeature): LearntScatter => feature.scatter;

/** What a profile knows beside distributions. */
export function knowledgeOf({ vocabulary, centroids = [] }: Profile): ReferenceKnowledge {
  return {
    vocabulary: vocabulary === undefined ? null : Vocabulary.fromBase64(vocabulary),
    centroids: new Map(centroids.map(({ name, values }) => [name, values])),
  };
}

function show(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'none' : text.slice(0, 60);
}
