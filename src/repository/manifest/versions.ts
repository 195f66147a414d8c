import { z } from 'zod';
import { identifier as versionName, section } from './section.ts';

const percent = z.number().min(0).max(100);

/** Which versions are kept in memory, and names for them. */
export const versionsSection = section({
  /** `latest` (the highest `count`), `all`, or a list. @default latest */
  serve: z
    .union([z.enum(['latest', 'all']), z.array(versionName).min(1)], {
      error: 'expected latest, all or a list of versions',
    })
    .default('latest'),
  /** How many of the highest versions `latest` keeps. @default 1 */
  count: z.int().min(1).max(100).default(1),
  /** Names that clients may ask for instead of a number, such as `stable` and `canary`. */
  labels: z.record(versionName, versionName).default({}),
});

/** Limits over which a canary is rolled back by itself. */
const guardSection = section({
  /** Predictions of the canary before it is judged. @default 100 */
  minRequests: z.int().min(1).default(100),
  /** Largest share of failed predictions, 0 to 1. */
  maxErrorRate: z.number().min(0).max(1).optional(),
  /** Largest p95 latency as a multiple of the stable version's. */
  maxLatencyRatio: z.number().min(1).optional(),
  /** Least share of shadowed or outcome-checked answers that agree, 0 to 1. */
  minAgreement: z.number().min(0).max(1).optional(),
});

/** How requests that name no version are spread over the versions. */
export const trafficSection = section({
  /** Percent of the requests by version or label; what is left of 100 goes to the serving version. */
  split: z
    .record(versionName, percent)
    .refine((split) => Object.values(split).reduce((sum, part) => sum + part, 0) <= 100 + 1e-9, {
      error: 'the parts must not sum to more than 100',
    })
    .default({}),
  /** Runs a share of the requests on another version too; its answers are compared, never sent. */
  shadow: section({ version: versionName, percent: percent }).optional(),
  guard: guardSection.optional(),
});

/** Version policy of a model. */
export type VersionsManifest = z.infer<typeof versionsSection>;

/** Traffic of a model. */
export type TrafficManifest = z.infer<typeof trafficSection>;

/** Limits of a canary. */
export type GuardManifest = z.infer<typeof guardSection>;
