import type { EncodedInput, InputCodec, OutputCodec } from '../../codecs/codec.ts';
import { readNumbers } from '../../codecs/output/numbers.ts';
import type { RunResult } from '../../runtimes/model-worker.ts';
import { areElementsEqual } from '../../tensor/bytes-element.ts';
import { sliceRows, type Tensor, type TensorMap } from '../../tensor/tensor.ts';

/** What was found out about joining the inputs of a model. */
export interface BatchingProof {
  /** Whether each input gets the same answer in a batch as alone. */
  readonly verified: boolean;
  /** Most rows of a batch for which that was shown. */
  readonly maxBatchSize: number;
  /** Why it was not shown, for the operator. */
  readonly reason: string | null;
}

/** What a proof needs of a model. */
export interface ProofSubject {
  readonly input: InputCodec;
  readonly output: OutputCodec;
  /** Largest batch that the model may get. */
  readonly maxBatchSize: number;
  /** Invents inputs of equal rows, unlike each other in values. */
  samples(seed: number, count: number): Promise<EncodedInput[]>;
  run(tensors: TensorMap): Promise<RunResult>;
}

/** Numbers that are less apart are equal: relative to their size, and at all. */
const TOLERANCES: Readonly<Partial<Record<Tensor['datatype'], readonly [number, number]>>> = {
  FP32: [1e-4, 1e-5],
  FP64: [1e-4, 1e-5],
  FP16: [2e-3, 1e-3],
  BF16: [2e-2, 1e-2],
};

const SEEDS = 3;

/** Inputs whose answers alone are known; larger batches repeat them at changing places. */
const DISTINCT = 5;

/** Time in the engine for one batch, in milliseconds; a model too slow for it gains little. */
const BATCH_MS = 1_000;

/** Most numbers that go into one batch. */
const MAX_BATCH_ELEMENTS = 16_000_000;

/**
 * Shows on the model itself whether inputs may be joined along their first axis: for several seeds,
 * batches of 2, 3 and more rows, and once of the most, give each input the answer that it gets alone.
 */
export async function proveBatching(subject: ProofSubject): Promise<BatchingProof> {
  const { maxBatchSize } = subject;
  const unproven = (reason: string): BatchingProof => ({
    verified: false,
    maxBatchSize: 1,
    reason,
  });
  if (maxBatchSize < 2) return unproven('batching.maxBatchSize is 1');
  try {
    return await prove(subject);
  } catch (thrown) {
    if (thrown instanceof NotProven) return unproven(thrown.message);
    throw thrown;
  }
}

class NotProven extends Error {}

async function prove(subject: ProofSubject): Promise<BatchingProof> {
  let largest = subject.maxBatchSize;
  let varied = false;
  for (let seed = 0; seed < SEEDS; seed++) {
    const samples = await subject.samples(seed, DISTINCT);
    const [first] = samples;
    if (!first || samples.length < DISTINCT) throw new NotProven('no inputs could be invented');
    if (samples.some(({ rows, group }) => rows !== first.rows || group === null)) {
      throw new NotProven('its inputs have no first axis in common');
    }
    const alone: TensorMap[] = [];
    let quickest = Infinity;
    for (const sample of samples) {
      const { answer, inferenceMs } = await runAlone(subject, sample);
      alone.push(answer);
      quickest = Math.min(quickest, inferenceMs);
    }
    const again = await runAlone(subject, first);
    requireEqual(again.answer, alone[0], 'its answers change from run to run');
    varied ||= alone.some((answer) => !areEqual(answer, alone[0]));
    // A batch must fit into the time and the memory. One row never takes longer than it does alone.
    const affordable = Math.floor(BATCH_MS / Math.max(quickest, 0.01));
    largest = Math.min(largest, affordable, Math.floor(MAX_BATCH_ELEMENTS / sizeOf(first)));
    if (largest < 2) throw new NotProven('a run takes too long, or too much memory, to show it');
    // The largest costs most by far: once is enough to show that it is like the others.
    const sizes = seed === 0 ? [2, 3, largest] : [2, 3, 8];
    for (const size of new Set(sizes.map((each) => Math.min(each, largest)))) {
      await checkBatch(subject, samples, alone, size, seed);
    }
  }
  if (!varied) throw new NotProven('its answers do not depend on the invented inputs');
  return { verified: true, maxBatchSize: largest, reason: null };
}

async function checkBatch(
  subject: ProofSubject,
  samples: readonly EncodedInput[],
  alone: readonly TensorMap[],
  size: number,
  seed: number,
): Promise<void> {
  // Another order in each seed, so that none is always the first.
  const order = Array.from(
    { length: size },
    (_, i) => (i * (i > DISTINCT ? 3 : 1) + seed + 1) % DISTINCT,
  );
  const batch = order.flatMap((at) => samples[at] ?? []);
  // Only what the scheduler would join is joined.
  const [first] = batch;
  const members = batch.filter(({ group }) => group === first?.group);
  if (!first || members.length < 2) return;
  const result = await attempt(subject, subject.input.collate(members));
  if (result === null) throw new NotProven('it cannot run several inputs at once');
  const { outputs } = result;
  for (const [name, { shape }] of Object.entries(outputs)) {
    const rows = first.rows * members.length;
    if (shape[0] !== rows) {
      throw new NotProven(`output "${name}" has shape [${shape.join(', ')}] for ${rows} rows`);
    }
  }
  for (const [row, member] of members.entries()) {
    const own = answerOf(subject, mapRows(outputs, row * first.rows, first.rows), member);
    requireEqual(own, alone[samples.indexOf(member)], 'its answers depend on what shares a batch');
  }
}

async function runAlone(subject: ProofSubject, sample: EncodedInput) {
  const { input } = subject;
  const tensors = input.unbatched?.(sample) ?? input.collate([sample]);
  const result = await attempt(subject, tensors);
  if (result === null) throw new NotProven('it does not take the invented inputs');
  const { outputs, inferenceMs } = result;
  return { answer: answerOf(subject, outputs, sample), inferenceMs };
}

/** A run; `null` where the model refuses. That its process was lost is thrown. */
async function attempt(subject: ProofSubject, tensors: TensorMap): Promise<RunResult | null> {
  try {
    return await subject.run(tensors);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'WorkerLostError') throw thrown;
    return null;
  }
}

/** What is compared: what clients see. Padding is not, where the codec cuts it off. */
function answerOf(subject: ProofSubject, outputs: TensorMap, input: EncodedInput): TensorMap {
  if (!subject.input.pads) return outputs;
  const { needed } = subject.output;
  const own = Object.fromEntries(Object.entries(outputs).filter(([name]) => needed.includes(name)));
  return subject.output.postprocess(own, input);
}

function requireEqual(a: TensorMap, b: TensorMap | undefined, reason: string): void {
  if (!areEqual(a, b)) throw new NotProven(reason);
}

function areEqual(a: TensorMap, b: TensorMap | undefined): boolean {
  return Object.entries(a).every(([name, tensor]) => {
    const other = b?.[name];
    return other !== undefined && areTensorsEqual(tensor, other);
  });
}

function areTensorsEqual(a: Tensor, b: Tensor): boolean {
  if (a.datatype !== b.datatype || a.shape.join() !== b.shape.join()) return false;
  const tolerance = TOLERANCES[a.datatype];
  if (!tolerance && Array.isArray(a.data) && Array.isArray(b.data)) {
    const others = b.data;
    return a.data.every((element, i) => areElementsEqual(element, others[i]));
  }
  if (!tolerance) return Array.from(a.data as Int32Array).every((value, i) => value === b.data[i]);
  const [relative, absolute] = tolerance;
  const left = readNumbers(a);
  const right = readNumbers(b);
  for (let i = 0; i < left.length; i++) {
    const x = left[i] ?? 0;
    const y = right[i] ?? 0;
    if (Object.is(x, y) || x === y) continue;
    if (!(Math.abs(x - y) <= relative * Math.max(Math.abs(x), Math.abs(y)) + absolute))
      return false;
  }
  return true;
}

function mapRows(outputs: TensorMap, from: number, rows: number): TensorMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, sliceRows(tensor, from, from + rows)]),
  );
}

function sizeOf({ tensors }: EncodedInput): number {
  return Object.values(tensors).reduce((sum, { data }) => sum + Math.max(1, data.length), 0);
}
