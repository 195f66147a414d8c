import { agreement } from './agreement.ts';
import {
  type BenchContext,
  type Contender,
  type Lane,
  type Running,
  Skipped,
} from './contenders/contender.ts';
import type { Measurement } from './measurement.ts';
import { progress } from './progress.ts';
import { laneResult, type ScenarioResult, type SkippedLane } from './results.ts';
import { type LaneId, LANE_TITLES, type Scenario } from './scenario.ts';
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
    const needed = new Set(scenarios.flatMap(({ lanes }) => lanes));
    const wanted = this.#contenders.filter(({ lanes }) => lanes.some((lane) => needed.has(lane)));
    progress(`starting: ${wanted.map(({ name }) => name).join(', ')}`);
    await Promise.all(wanted.map((contender) => this.#start(contender)));
  }

  /** Warms every lane of a scenario, then measures them in rounds: A B C, A B C, … */
  async run(scenario: Scenario): Promise<ScenarioResult> {
    const { rounds, seconds } = this.#options;
    const lanes: Lane[] = [];
    const skipped: SkippedLane[] = [];
    for (const id of scenario.lanes) {
      const lane = await this.#warmLane(id, scenario);
      if (typeof lane === 'string') {
        skipped.push({ lane: id, reason: lane });
        progress(`${scenario.id}: ${LANE_TITLES[id]} skipped: ${lane}`);
      } else {
        lanes.push(lane);
      }
    }
    await this.#compareAnswers(scenario, lanes);
    const found = new Map<Lane, Measurement[]>(lanes.map((lane) => [lane, []]));
    for (let turn = 1; turn <= rounds; turn++) {
      for (const [lane, measurements] of found) {
        try {
          const measurement = await lane.measure(seconds * (scenario.stretch ?? 1));
          measurements.push(measurement);
          tell(`${scenario.id} ${turn}/${rounds}`, lane.id, measurement);
        } catch (error) {
          found.delete(lane);
          skipped.push({ lane: lane.id, reason: reasonOf(error) });
        }
      }
    }
    return {
      id: scenario.id,
      title: scenario.title,
      lanes: [...found].map(([lane, all]) => laneResult(lane.id, all, lane.note?.())),
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
  async #compareAnswers({ model, mode }: Scenario, lanes: readonly Lane[]): Promise<void> {
    const [own, rival] = ['server-rest', 'seed'].map(
      (id) => lanes.find((lane) => lane.id === id)?.url,
    );
    if (mode !== 'uncached' || own === undefined || rival === undefined) return;
    const remark = await agreement(own, rival, model);
    progress(remark);
    this.remarks.push(remark);
  }

  async #warmLane(id: LaneId, scenario: Scenario): Promise<Lane | string> {
    const contender = this.#contenders.find(({ lanes }) => lanes.includes(id));
    if (!contender) return 'nobody offers it';
    const running = this.#running.get(contender) ?? 'not started';
    if (typeof running === 'string') return running;
    try {
      const lane = await running.lane(id, scenario);
      await lane.warm(Math.max(1, this.#options.seconds / 3) * (scenario.stretch ?? 1));
      return lane;
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

function tell(where: string, lane: LaneId, measurement: Measurement): void {
  const { perSecond, p50Ms, errors, cpuUs } = measurement;
  const cost = cpuUs === undefined ? '' : `, ${round(cpuUs)} µs CPU each`;
  const failures = errors > 0 ? `, ${errors} ERRORS` : '';
  progress(
    `${where}: ${LANE_TITLES[lane]}: ${round(perSecond)}/s, p50 ${round(p50Ms)} ms${cost}${failures}`,
  );
}
