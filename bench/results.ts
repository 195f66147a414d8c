import { cpus, totalmem } from 'node:os';
import type { Measurement } from './measurement.ts';
import type { SubjectId } from './scenario.ts';
import { pairedRatio, type Spread, spread } from './stats.ts';

/** What one subject gave in all rounds. */
export interface SubjectResult {
  readonly subject: SubjectId;
  readonly perSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly errors: number;
  /** Processor time for one prediction, in microseconds. */
  readonly cpuUs?: Spread;
  readonly note?: string;
  /** Predictions a second, round by round. */
  readonly rounds: readonly number[];
}

/** A subject, or a whole contender, that was not measured. */
export interface SkippedSubject {
  readonly subject: SubjectId;
  readonly reason: string;
}

/** What one scenario gave. */
export interface ScenarioResult {
  readonly id: string;
  readonly title: string;
  readonly subjects: readonly SubjectResult[];
  readonly skipped: readonly SkippedSubject[];
}

/** A single figure of its own scenario, such as the time to start. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: 'ms' | '×';
  readonly value: Spread;
  /** How it came about, in a sentence. */
  readonly about: string;
}

/** Everything that a run found. */
export interface BenchResults {
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly scenarios: readonly ScenarioResult[];
  readonly figures: readonly Figure[];
  /** Lines on figures that could not be taken, and on how far the contenders' answers agree. */
  readonly remarks: readonly string[];
}

/** Sums up the rounds of a subject. */
export function subjectResult(
  subject: SubjectId,
  all: readonly Measurement[],
  note?: string,
): SubjectResult {
  const cpuUs = all.flatMap((each) => each.cpuUs ?? []);
  return {
    subject,
    perSecond: spread(all.map(({ perSecond }) => perSecond)),
    p50Ms: spread(all.map(({ p50Ms }) => p50Ms)),
    p99Ms: spread(all.map(({ p99Ms }) => p99Ms)),
    errors: all.reduce((sum, { errors }) => sum + errors, 0),
    ...(cpuUs.length > 0 && { cpuUs: spread(cpuUs) }),
    ...(note !== undefined && { note }),
    rounds: all.map(({ perSecond }) => perSecond),
  };
}

/** How many times subject `over` is subject `under`, round by round; `null` where either is missing. */
export function ratioOf(
  results: Pick<BenchResults, 'scenarios'>,
  scenario: string,
  over: SubjectId,
  under: SubjectId,
): Spread | null {
  const subjects = results.scenarios.find(({ id }) => id === scenario)?.subjects ?? [];
  const find = (subject: SubjectId) => subjects.find((each) => each.subject === subject)?.rounds;
  const [above, below] = [find(over), find(under)];
  return above && below ? pairedRatio(above, below) : null;
}

/** All ratios of this server's subjects over the other contenders, by `scenario: over / under`. */
export function allRatios(results: Pick<BenchResults, 'scenarios'>): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const { id, subjects } of results.scenarios) {
    const own = subjects.filter(({ subject }) => subject.startsWith('server-'));
    const others = subjects.filter(({ subject }) => !subject.startsWith('server-'));
    for (const { subject: over } of own) {
      for (const { subject: under, note } of others) {
        const ratio = ratioOf(results, id, over, under);
        // Another deployment is another opponent: ratios against it are not compared.
        const opponent = note === undefined ? under : `${under} (${note})`;
        if (ratio) ratios[`${id}: ${over} / ${opponent}`] = Number(ratio.median.toPrecision(4));
      }
    }
  }
  return ratios;
}

/** The machine in one line. */
export function machineLine(): string {
  const all = cpus();
  const model = all[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${all.length} × ${model}, ${memory} GiB, Node.js ${process.version}, ${process.platform}`;
}
