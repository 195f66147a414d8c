import { hasOpenRows } from '../codecs/pick-tensor.ts';
import type { Manifest } from '../repository/manifest.ts';
import type { BatchingStatus } from '../services/model-status.ts';
import type { Signature } from '../tensor/tensor.ts';
import type { BatchingProof } from './trial/batching-proof.ts';

/**
 * Whether inputs are joined to batches: as the manifest says, else where the server has shown on the
 * model itself that each answer stays what it is alone.
 */
export function chooseBatching(
  { batching: { enabled }, input }: Manifest,
  signature: Signature,
  proof: BatchingProof,
): BatchingStatus {
  if (enabled === false) {
    return { enabled: false, verified: false, reason: 'model.yaml says so' };
  }
  if (enabled === true) {
    const fixed = [...signature.inputs, ...signature.outputs].find(
      ({ shape, unranked }) => !unranked && typeof shape[0] === 'number',
    );
    const isRagged = input.kind === 'text' && input.encoding === 'hashed-ngrams';
    if (!isRagged && (fixed || !couldHaveRows(signature))) {
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

function couldHaveRows(signature: Signature): boolean {
  const specs = [...signature.inputs, ...signature.outputs];
  return (
    hasOpenRows(signature) ||
    specs.every(({ shape, unranked }) => unranked === true || shape.length > 0)
  );
}
