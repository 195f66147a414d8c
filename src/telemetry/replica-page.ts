import { hostname } from 'node:os';
import { z } from 'zod';
import { HEALTH_STATUSES, type HealthReport, VERSION_STATES } from '../services/model-status.ts';
import type { ReplicaStatus } from '../services/replica-status.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { MetricsTotals } from './metrics-totals.ts';

/** What one replica tells the others: totals of each model since it started. */
export interface ReplicaPage {
  /** Time since the replica started, in seconds. */
  readonly uptimeSeconds: number;
  readonly models: ReadonlyMap<string, MetricsTotals>;
  /** How it is; `undefined` of a replica of an older version. */
  readonly about?: ReplicaAbout | undefined;
}

/** What a replica says of itself beside its counters. */
export type ReplicaAbout = Pick<
  ReplicaStatus,
  'host' | 'serverVersion' | 'status' | 'ready' | 'models'
>;

/** What a replica says of itself, by its health. */
export function aboutReplica({ serverVersion, status, ready, models }: HealthReport): ReplicaAbout {
  return {
    host: hostname(),
    serverVersion,
    status,
    ready,
    models: models.map(({ name, state, servingVersion }) => ({ name, state, servingVersion })),
  };
}

const VERSION = 1;
const count = z.number().min(0);

/** Order in which the plain numbers of {@link MetricsTotals} are written. */
const NUMBERS = [
  'requests',
  'succeeded',
  'failed',
  'cacheHits',
  'cacheMisses',
  'batches',
  'batchRows',
  'inFlight',
  'queuedRows',
  'throughput',
] as const;

const aboutSchema: z.ZodType<ReplicaAbout> = z.object({
  host: z.string().nullable(),
  serverVersion: z.string().nullable(),
  status: z.enum(HEALTH_STATUSES).nullable(),
  ready: z.boolean().nullable(),
  models: z.array(
    z.object({
      name: z.string(),
      state: z.enum(VERSION_STATES),
      servingVersion: z.string().nullable(),
    }),
  ),
});

const pageSchema = z.object({
  version: z.literal(VERSION),
  uptime: count,
  // Replicas of the version before do not write it, and pass it over.
  about: aboutSchema.optional().catch(undefined),
  models: z.array(
    z.object({
      name: z.string(),
      numbers: z.array(count).length(NUMBERS.length),
      errors: z.record(z.string(), count),
      batchSizes: z.array(count),
      latency: z.base64(),
    }),
  ),
});

/** The compact form: JSON whose histograms are binary. */
export function encodeReplicaPage({ uptimeSeconds, models, about }: ReplicaPage): Uint8Array {
  const page: z.infer<typeof pageSchema> = {
    version: VERSION,
    uptime: uptimeSeconds,
    ...(about && { about }),
    models: [...models].map(([name, totals]) => ({
      name,
      numbers: NUMBERS.map((field) => totals[field]),
      errors: Object.fromEntries(totals.errors),
      batchSizes: totals.batchSizes,
      latency: Buffer.from(totals.latency.toBytes()).toString('base64'),
    })),
  };
  return Buffer.from(JSON.stringify(page));
}

/** Reads {@link encodeReplicaPage} back; `undefined` for anything else, such as a newer form. */
export function decodeReplicaPage(bytes: Uint8Array): ReplicaPage | undefined {
  const parsed = pageSchema.safeParse(parseJson(Buffer.from(bytes).toString()));
  if (!parsed.success) return undefined;
  const models = new Map<string, MetricsTotals>();
  for (const { name, numbers, errors, batchSizes, latency } of parsed.data.models) {
    const histogram = LatencyHistogram.fromBytes(Buffer.from(latency, 'base64'));
    if (!histogram) return undefined;
    const totals = new MetricsTotals();
    NUMBERS.forEach((field, index) => (totals[field] = numbers[index] ?? 0));
    for (const [code, errorCount] of Object.entries(errors)) totals.errors.set(code, errorCount);
    totals.batchSizes.forEach((_, bar) => (totals.batchSizes[bar] = batchSizes[bar] ?? 0));
    totals.latency.add(histogram);
    models.set(name, totals);
  }
  return { uptimeSeconds: parsed.data.uptime, models, about: parsed.data.about };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
