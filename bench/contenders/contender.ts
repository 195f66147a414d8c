import type { Child } from '../children.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import type { LoadDriver } from '../load/driver.ts';
import type { Api } from '../load/bodies.ts';
import type { Measurement } from '../measurement.ts';
import type { BenchModels } from '../models/bench-models.ts';
import type { SubjectId, Scenario } from '../scenario.ts';

/** What all contenders share. */
export interface BenchContext {
  readonly driver: LoadDriver;
  readonly connections: number;
  readonly models: BenchModels;
}

/** A subject of a scenario, ready to be measured. */
export interface Subject {
  readonly id: SubjectId;
  /** Where its requests go, for subjects over HTTP. */
  readonly url?: string;
  /** Drives it until it is warm; where it has several settings, chooses the best. */
  warm(seconds: number): Promise<unknown>;
  measure(seconds: number): Promise<Measurement>;
  /** What is worth knowing about the figures, such as the setting that was chosen. */
  note?(): string | undefined;
}

/** A contender that runs. */
export interface Running {
  /** @throws {Skipped} when it has no such subject here */
  subject(id: SubjectId, scenario: Scenario): Subject | Promise<Subject>;
  stop(): Promise<void>;
}

/** Somebody to measure. */
export interface Contender {
  readonly name: string;
  readonly subjects: readonly SubjectId[];
  /** @throws {Skipped} when its parts are not installed */
  start(context: BenchContext): Promise<Running>;
}

/** Thrown for what cannot be measured here; the message says why. */
export class Skipped extends Error {}

/** Where the requests of a subject go. */
export interface HttpEndpoint {
  readonly url: string;
  readonly child: Child;
  readonly api: Api;
  /** Headers besides the media type. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A subject over HTTP. */
export function httpSubject(
  id: SubjectId,
  { driver, ...context }: BenchContext,
  scenario: Scenario,
  { url, child, api, headers }: HttpEndpoint,
): Subject {
  const { model, mode, connections = context.connections } = scenario;
  const measure = async (seconds: number): Promise<Measurement> => {
    const before = cpuTimeMs(child.process.pid ?? 0);
    const body = { api, model, mode };
    const found = await driver.run({
      ...{ kind: 'flood', url, body, connections, seconds },
      ...(headers && { headers }),
    });
    const after = cpuTimeMs(child.process.pid ?? 0);
    await settle(child);
    if (before === null || after === null || found.perSecond === 0) return found;
    return { ...found, cpuUs: ((after - before) * 1000) / (found.perSecond * seconds) };
  };
  return {
    id,
    url,
    measure,
    async warm(seconds) {
      const { errors, perSecond } = await measure(seconds);
      if (perSecond === 0) throw new Error(`${url} answered nothing (${errors} errors)`);
    },
  };
}

/** How often a contender is looked at after a measurement, and for how long at most. */
const LOOK_MS = 100;
const MOST_LOOKS = 200;

/**
 * Waits until a contender has nothing more to do: some work on for seconds on requests whose clients
 * have gone, which would slow down whoever is measured next.
 */
async function settle(child: Child): Promise<void> {
  let before = cpuTimeMs(child.process.pid ?? 0);
  for (let look = 0; look < MOST_LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = cpuTimeMs(child.process.pid ?? 0);
    if (now === null || before === null || now - before <= LOOK_MS / 4) return;
    before = now;
  }
}
