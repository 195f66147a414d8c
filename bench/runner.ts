import { agreement } from './agreement.ts';
import {
  type BenchContext,
  type Contender,
  type Subject,
  type Running,
  Skipped,
} from './contenders/contender.ts';
import type { Measurement } from './measurement.ts';
import { progress } from './progress.ts';
import { subjectResult, type ScenarioResult, type SkippedSubject } from './results.ts';
import { type SubjectId, SUBJECT_TITLES, type Scenario } from './scenario.ts';
import { round } from './targets.ts';

/** How the scenarios are run. */
export interface RunnerOptions {
  readonly rounds: number;
  readonly seconds: number;
}

/** Starts contenders and measures them in turns. */
export class Runner {
  /** What was found besides figures. */
  readonly remarks: string[] = [];
  readonly #contenders: readonly Contender[];
  readonly #context: BenchContext;
  readonly #options: RunnerOptions;
  readonly #running = new Map<Contender, Running | string>();

  constructor(contenders: readonly Contender[], context: BenchContext, options: RunnerOptions) {
    this.#contenders = contenders;
    this.#context = context;
    this.#options = options;
  }

  /** Starts everybody that some scenarios need, all at once: nothing is measured meanwhile. */
  async start(scenarios: readonly Scenario[]): Promise<void> {
    const needed = new Set(scenarios.flatMap(({ subjects }) => subjects));
    const wanted = this.#contenders.filter(({ subjects }) =>
      subjects.some((subject) => needed.has(subject)),
    );
    progress(`starting: ${wanted.map(({ name }) => name).join(', ')}`);
    await Promise.all(wanted.map((contender) => this.#start(contender)));
  }

  /** Warms every subject of a scenario, then measures them in rounds: A B C, A B C, … */
  async run(scenario: Scenario): Promise<ScenarioResult> {
    const { rounds, seconds } = this.#options;
    const subjects: Subject[] = [];
    const skipped: SkippedSubject[] = [];
    for (const id of scenario.subjects) {
      const subject = await this.#warmSubject(id, scenario);
      if (typeof subject === 'string') {
        skipped.push({ subject: id, reason: subject });
        progress(`${scenario.id}: ${SUBJECT_TITLES[id]} skipped: ${subject}`);
      } else {
        subjects.push(subject);
      }
    }
    await this.#compareAnswers(scenario, subjects);
    const found = new Map<Subject, Measurement[]>(subjects.map((subject) => [subject, []]));
    for (let turn = 1; turn <= rounds; turn++) {
      for (const [subject, measurements] of found) {
        try {
          const measurement = await subject.measure(seconds * (scenario.stretch ?? 1));
          measurements.push(measurement);
          tell(`${scenario.id} ${turn}/${rounds}`, subject.id, measurement);
        } catch (error) {
          found.delete(subject);
          skipped.push({ subject: subject.id, reason: reasonOf(error) });
        }
      }
    }
    return {
      id: scenario.id,
      title: scenario.title,
      subjects: [...found].map(([subject, all]) =>
        subjectResult(subject.id, all, subject.note?.()),
      ),
      skipped,
    };
  }

  /** Ends everything that it started. */
  async stop(): Promise<void> {
    for (const running of this.#running.values()) {
      if (typeof running !== 'string') await running.stop();
    }
  }

  /** Asks this server and its rival the same, once for each model. */
  async #compareAnswers({ model, mode }: Scenario, subjects: readonly Subject[]): Promise<void> {
    const [own, rival] = ['server-rest', 'seed'].map(
      (id) => subjects.find((subject) => subject.id === id)?.url,
    );
    if (mode !== 'uncached' || own === undefined || rival === undefined) return;
    const remark = await agreement(own, rival, model);
    progress(remark);
    this.remarks.push(remark);
  }

  async #warmSubject(id: SubjectId, scenario: Scenario): Promise<Subject | string> {
    const contender = this.#contenders.find(({ subjects }) => subjects.includes(id));
    if (!contender) return 'nobody offers it';
    const running = this.#running.get(contender) ?? 'not started';
    if (typeof running === 'string') return running;
    try {
      const subject = await running.subject(id, scenario);
      await subject.warm(Math.max(1, this.#options.seconds / 3) * (scenario.stretch ?? 1));
      return subject;
    } catch (error) {
      return reasonOf(error);
    }
  }

  async #start(contender: Contender): Promise<void> {
    this.#running.set(contender, await contender.start(this.#context).catch(reasonOf));
  }
}

/** Why something could not be measured; a fault that nobody foresaw is shown as such. */
function reasonOf(error: unknown): string {
  if (error instanceof Skipped) return error.message;
  return `failed: ${error instanceof Error ? error.message : String(error)}`;
}

function tell(where: string, subject: SubjectId, measurement: Measurement): void {
  const { perSecond, p50Ms, errors, cpuUs } = measurement;
  const cost = cpuUs === undefined ? '' : `, ${round(cpuUs)} µs CPU each`;
  const failures = errors > 0 ? `, ${errors} ERRORS` : '';
  progress(
    `${where}: ${SUBJECT_TITLES[subject]}: ${round(perSecond)}/s, p50 ${round(p50Ms)} ms${cost}${failures}`,
  );
}
