import { namingHint } from '../tensor/generated-names.ts';
import type { ServedVersion } from './served-version.ts';

/** What the log tells of a version that is ready, with a hint where its owner could name its tensors. */
export function readyFacts(version: ServedVersion) {
  const { engine, backend, loadMs } = version.status();
  const { input, output, report } = version.live ?? {};
  const shown = [
    ...(input?.kind === 'tensors' ? (report?.signature.inputs ?? []) : []),
    ...(output?.kind === 'tensors' ? (report?.signature.outputs ?? []) : []),
  ];
  const hint = namingHint(shown.map(({ name }) => name));
  return {
    ...{ engine, backend, loadMs: Math.round(loadMs ?? 0) },
    ...(hint !== undefined && { hint }),
  };
}
