import type { BatcherOptions } from '../batching/batcher.ts';
import { hasOpenRows } from '../codecs/pick-tensor.ts';
import type { Manifest } from '../repository/manifest.ts';
import { DEFAULT_BATCH_SIZE } from '../repository/manifest/serving.ts';
import type { BatchingStatus } from '../services/model-status.ts';
import type { Signature } from '../tensor/tensor.ts';
import type { BatchingProof } from './trial/batching-proof.ts';

/** Whether inputs bring their rows along in a tensor of their own, as hashed texts do. */
export function isRagged({ input }: Manifest): boolean {
  return input.kind === 'text' && input.encoding === 'hashed-ngrams';
}

/**
 * Whether inputs are joined to batches: as the manifest says, else where the server has shown on the
 * model itself that each answer stays what it is alone.
 */
export function chooseBatching(
  manifest: Manifest,
  signature: Signature,
  proof: BatchingProof,
): BatchingStatus {
  const { enabled } = manifest.batching;
  if (enabled === false) {
    return { enabled: false, verified: false, reason: 'model.yaml says so' };
  }
  if (enabled === true) {
    const fixed = [...signature.inputs, ...signature.outputs].find(
      ({ shape, unranked }) => !unranked && typeof shape[0] === 'number',
    );
    if (!isRagged(manifest) && (fixed || !couldHaveRows(signature))) {
      const reason = fixed
        ? `model.yaml asks for it, but the first axis of "${fixed.name}" is fixed`
        : 'model.yaml asks for it, but there are inputs or outputs without axes';
      return { enabled: false, verified: false, reason };
    }
    return { enabled: true, verified: false, reason: 'model.yaml says so; it was not verified' };
  }
  if (!proof.verified) {
    return { enabled: false, verified: false, reason: proof.reason ?? 'it was not shown' };
  }
  const reason = `answers of batches of up to ${proof.maxBatchSize} equal those alone`;
  return { enabled: true, verified: true, reason };
}

/** How the inputs of a version are joined. */
export interface BatchingPlan {
  readonly status: BatchingStatus;
  readonly limits: Pick<BatcherOptions, 'maxBatchSize' | 'maxRunRows' | 'cancelsRuns'>;
}

/** The plan for an engine of this server. */
export function planBatching(
  manifest: Manifest,
  signature: Signature,
  proof: BatchingProof,
): BatchingPlan {
  const { maxBatchSize = DEFAULT_BATCH_SIZE } = manifest.batching;
  const status = chooseBatching(manifest, signature, proof);
  const proven = status.verified ? proof.maxBatchSize : maxBatchSize;
  return { status, limits: { maxBatchSize: status.enabled ? Math.min(maxBatchSize, proven) : 1 } };
}

/**
 * The plan for an engine elsewhere, which is never sent invented inputs: only one that says so
 * itself, or whose operator does, takes rows of several requests.
 *
 * @param theirs most rows of one request there; 0 where the engine does not say
 */
export function planRemoteBatching(
  manifest: Manifest,
  signature: Signature,
  theirs: number,
): BatchingPlan {
  const { enabled, maxBatchSize } = manifest.batching;
  const told = theirs > 1 ? theirs : undefined;
  const maxRunRows = maxBatchSize ?? told;
  const plan = (most: number, reason: string): BatchingPlan => ({
    status: { enabled: most > 1, verified: false, reason },
    limits: { maxBatchSize: most, maxRunRows, cancelsRuns: true },
  });
  if (enabled === false) return plan(1, 'model.yaml says so');
  if (!isRagged(manifest) && !hasOpenRows(signature)) {
    return plan(1, 'not every input and output has an open first axis');
  }
  if (maxBatchSize !== undefined) return plan(maxBatchSize, 'model.yaml says so');
  if (told !== undefined) return plan(told, `the engine takes up to ${told} rows at once`);
  return enabled === true
    ? plan(DEFAULT_BATCH_SIZE, 'model.yaml says so')
    : plan(1, 'the engine does not say that it takes several rows at once');
}

function couldHaveRows(signature: Signature): boolean {
  const specs = [...signature.inputs, ...signature.outputs];
  return (
    hasOpenRows(signature) ||
    specs.every(({ shape, unranked }) => unranked === true || shape.length > 0)
  );
}
