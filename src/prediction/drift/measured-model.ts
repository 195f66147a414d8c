import { inputColumns } from '../../codecs/input/input-columns.ts';
import type { ServedVersion } from '../../serving/served-version.ts';
import type { MeasuredModel } from '../../telemetry/drift/feature-reader.ts';

/** Numbers of channels that an image has. */
const CHANNELS: readonly unknown[] = [1, 3, 4];

/** What is measured of a version that is loaded; `undefined` for another. */
export function measuredModel({ live, manifest }: ServedVersion): MeasuredModel | undefined {
  if (!live) return undefined;
  const { signature } = live.report;
  const { input } = manifest;
  const isPicture = input.kind === 'image';
  return {
    inputKind: live.input.kind,
    outputKind: live.output.kind,
    signature,
    columns: inputColumns(manifest, signature),
    ...(isPicture && { image: { layout: input.layout ?? layoutOf(signature.inputs[0]?.shape) } }),
  };
}

/** Where model.yaml does not say it, the channels are the axis that is short enough. */
function layoutOf(shape: readonly (number | null)[] = []): 'NCHW' | 'NHWC' {
  return CHANNELS.includes(shape[3]) && !CHANNELS.includes(shape[1]) ? 'NHWC' : 'NCHW';
}
