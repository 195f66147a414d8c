import { namingHint } from '../tensor/generated-names.ts';
import type { ServedVersion } from './served-version.ts';

/** What the log tells of a version that is ready, with a hint where its owner could name its tensors. */
export function readyFacts(version: ServedVersion) {
  const { engine, backend, loadMs } = version.status();
  const { input, output, report } = version.live ?? {};
  const hint = namingHint({
    signature: report?.signature,
    inputKind: input?.kind,
    outputKind: output?.kind,
  });
  return {
    ...{ engine, backend, loadMs: Math.round(loadMs ?? 0) },
    ...(hint !== undefined && { hint }),
  };
}
