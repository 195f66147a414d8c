import { freemem } from 'node:os';
import { createCodecs, type Codecs } from '../../codecs/create-codecs.ts';
import type { EncodedInput } from '../../codecs/codec.ts';
import { hasOpenRows } from '../../codecs/pick-tensor.ts';
import type { Manifest } from '../../repository/manifest.ts';
import { DEFAULT_BATCH_SIZE } from '../../repository/manifest/serving.ts';
import type { ModelFolder, VersionFolder } from '../../repository/model-folder.ts';
import type { LoadSpec } from '../../runtimes/engine.ts';
import { WorkerLostError, type LoadReport, type RunResult } from '../../runtimes/model-worker.ts';
import type { TrialProcesses } from '../../runtimes/trial-processes.ts';
import { TrialWorker } from '../../runtimes/trial-worker.ts';
import { modelInputSchema } from '../../services/model-input.ts';
import type { TensorMap } from '../../tensor/tensor.ts';
import { proveBatching, type BatchingProof } from './batching-proof.ts';
import { countSamples, emptyVariants, inventSamples } from './samples.ts';

/** What a trial found out about a version; what is remembered of it. */
export interface TrialResult {
  /** Whether its workers must be processes: native code has crashed, or may, on what clients send. */
  readonly needsProcess: boolean;
  /** Backend that it must be loaded with instead of the one that was asked for. */
  readonly backend: string | null;
  /** Kind of invented input that it takes; `null` where none was found. */
  readonly recipe: number | null;
  /** Why no invented input ran. */
  readonly unwarmed: string | null;
  readonly batching: BatchingProof;
}

/** A version to be tried. */
export interface TrialSubject {
  readonly model: ModelFolder;
  readonly folder: VersionFolder;
  readonly manifest: Manifest;
  readonly spec: LoadSpec;
  readonly loadTimeoutMs: number;
  readonly runTimeoutMs: number;
}

/** Invented inputs that may end the process before the model counts as one that cannot run. */
const MAX_CRASHES = 3;

/** Time for looking for an input that the model takes, in milliseconds. */
const SEARCH_MS = 10_000;

/** Time for one invented input, in milliseconds: a model may take it for a very long one. */
const RUN_MS = 10_000;

/** Share of the free memory that a trial may fill. */
const MEMORY_SHARE = 0.8;

/** Least memory that a trial may fill, in bytes. */
const LEAST_MEMORY = 1024 ** 3;

/**
 * Loads and runs a version for the first time where a crash costs nobody anything: finds an input
 * that it takes, shows whether its inputs may be joined to batches, and sees what crashes it.
 *
 * @throws {Error} when it cannot be loaded, or ends the process whatever it is given; the message
 *   names the signal
 */
export async function tryVersion(
  subject: TrialSubject,
  processes: TrialProcesses,
): Promise<TrialResult> {
  const worker = new TrialWorker({
    processes,
    spec: subject.spec,
    loadTimeoutMs: subject.loadTimeoutMs,
    runTimeoutMs: Math.min(subject.runTimeoutMs, RUN_MS),
    maxBytes: Math.max(LEAST_MEMORY, freemem() * MEMORY_SHARE),
  });
  try {
    const report = await worker.load();
    const codecs = await createCodecs(subject.model, subject.folder, report.signature);
    return await new Trial(subject, worker, report, codecs).run();
  } catch (thrown) {
    if (!(thrown instanceof WorkerLostError)) throw thrown;
    throw new Error(`the model ended the process that tried it: ${thrown.message}`, {
      cause: thrown,
    });
  } finally {
    await worker.close();
  }
}

class Trial {
  readonly #subject: TrialSubject;
  readonly #worker: TrialWorker;
  readonly #report: LoadReport;
  readonly #codecs: Codecs;
  readonly #outputs: readonly string[];
  #crashes = 0;

  constructor(subject: TrialSubject, worker: TrialWorker, report: LoadReport, codecs: Codecs) {
    this.#subject = subject;
    this.#worker = worker;
    this.#report = report;
    this.#codecs = codecs;
    this.#outputs = report.signature.outputs.map(({ name }) => name);
  }

  async run(): Promise<TrialResult> {
    const { signature } = this.#report;
    await this.#runExamples();
    const { recipe, sample, unwarmed } = await this.#findSample();
    if (sample && this.#codecs.input.kind === 'tensors') {
      for (const empty of emptyVariants(sample, signature)) await this.#survives(empty);
    }
    const batching = await this.#prove(recipe);
    const isOpen = signature.inputs.some(({ unranked }) => unranked);
    return {
      needsProcess: isOpen || this.#crashes > 0,
      backend: this.#worker.notice?.backend ?? null,
      recipe,
      unwarmed,
      batching,
    };
  }

  /** What the model refuses is told when the version warms up; a crash is told here. */
  async #runExamples(): Promise<void> {
    for (const { input } of this.#subject.manifest.examples) {
      const parsed = modelInputSchema.safeParse(input);
      if (!parsed.success) continue;
      let encoded: EncodedInput;
      try {
        encoded = await this.#codecs.input.prepare(parsed.data).encode();
      } catch {
        continue;
      }
      await this.#run(this.#tensorsOf(encoded)).catch((thrown: unknown) => {
        if (thrown instanceof WorkerLostError) throw thrown;
      });
    }
  }

  async #findSample() {
    const { input } = this.#codecs;
    const deadline = performance.now() + SEARCH_MS;
    let unwarmed: string | null = null;
    let lost: WorkerLostError | undefined;
    for (let recipe = 0; recipe < countSamples(input); recipe++) {
      if (performance.now() > deadline) break;
      try {
        const [sample] = await this.#invent(recipe, 0, 1);
        if (!sample) {
          unwarmed ??= 'no input could be invented for its signature';
          continue;
        }
        await this.#run(this.#tensorsOf(sample));
        return { recipe, sample, unwarmed: null };
      } catch (thrown) {
        const cause = thrown instanceof Error ? thrown.cause : undefined;
        unwarmed ??= messageOf(cause ?? thrown);
        if (!(thrown instanceof WorkerLostError)) continue;
        lost = thrown;
        if (++this.#crashes >= MAX_CRASHES) break;
      }
    }
    if (lost && this.#crashes >= MAX_CRASHES) throw lost;
    return { recipe: null, sample: undefined, unwarmed };
  }

  async #prove(recipe: number | null): Promise<BatchingProof> {
    const { batching } = this.#subject.manifest;
    const unproven = (reason: string) => ({ verified: false, maxBatchSize: 1, reason });
    if (batching.enabled !== undefined) return unproven('model.yaml decides');
    const { input, output } = this.#codecs;
    const declared = this.#subject.manifest.input;
    // Hashed texts bring their rows along in a tensor of their own.
    const isRagged = declared.kind === 'text' && declared.encoding === 'hashed-ngrams';
    if (!isRagged && !hasOpenRows(this.#report.signature)) {
      return unproven('not every input and output has an open first axis');
    }
    if (recipe === null) return unproven('no invented input runs, so it cannot be shown');
    try {
      return await proveBatching({
        input,
        output,
        maxBatchSize: batching.maxBatchSize ?? DEFAULT_BATCH_SIZE,
        samples: (seed, count) => this.#invent(recipe, seed, count),
        run: (tensors) => this.#run(tensors),
      });
    } catch (thrown) {
      if (thrown instanceof WorkerLostError) this.#crashes++;
      return unproven(`a batch could not be run: ${messageOf(thrown)}`);
    }
  }

  async #survives(input: EncodedInput): Promise<void> {
    await this.#run(this.#tensorsOf(input)).catch((thrown: unknown) => {
      if (thrown instanceof WorkerLostError) this.#crashes++;
    });
  }

  #invent(recipe: number, seed: number, count: number): Promise<EncodedInput[]> {
    const { input } = this.#codecs;
    return inventSamples(input, this.#report.signature, { recipe, seed, count });
  }

  #tensorsOf(encoded: EncodedInput): TensorMap {
    const { input } = this.#codecs;
    return input.unbatched?.(encoded) ?? input.collate([encoded]);
  }

  #run(tensors: TensorMap): Promise<RunResult> {
    return this.#worker.run(tensors, this.#outputs);
  }
}

const messageOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 300);
