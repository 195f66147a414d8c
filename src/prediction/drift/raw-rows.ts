import type { EncodedInput } from '../../codecs/codec.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { LiveParts } from '../../serving/live-parts.ts';
import type { MeasuredPrediction } from '../../telemetry/drift/feature-reader.ts';
import { sliceRows, type Tensor, type TensorMap } from '../../tensor/tensor.ts';

/** A row of a request that brought the model's own tensors, as the model's kind has it. */
export interface RawRow {
  /** `null` where the tensors do not tell what they were made of. */
  readonly input: ModelInput | null;
  readonly tensors: TensorMap;
  /** `null` where the outputs do not tell it. */
  readonly prediction: MeasuredPrediction | null;
}

/**
 * Takes a request apart that came past the codecs: as many rows as its outputs have. Columns are
 * read back out of their tensors; of a text its tokens do not tell the words.
 */
export function* rawRows(
  live: LiveParts,
  encoded: EncodedInput,
  outputs: TensorMap,
): Generator<RawRow> {
  const answered = rowsOf(outputs);
  const isSplit = rowsOf(encoded.tensors) === answered;
  for (let row = 0; row < answered; row++) {
    const tensors = isSplit && answered > 1 ? rowOf(encoded.tensors, row) : encoded.tensors;
    const own = answered > 1 ? rowOf(outputs, row) : outputs;
    yield {
      input: isSplit ? inputOf(live, tensors) : null,
      tensors,
      prediction: predictionOf(live, own, { ...encoded, rows: 1, tensors }),
    };
  }
}

/** Rows along the first axis of all tensors; 1 where they do not share one. */
function rowsOf(tensors: TensorMap): number {
  let rows: number | undefined;
  for (const name in tensors) {
    const shape = tensors[name]?.shape ?? [];
    if (shape.length < 2 || (rows !== undefined && shape[0] !== rows)) return 1;
    rows = shape[0];
  }
  return rows ?? 1;
}

function rowOf(tensors: TensorMap, row: number): TensorMap {
  const own: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) own[name] = sliceRows(tensor, row, row + 1);
  return own;
}

function inputOf({ input }: LiveParts, tensors: TensorMap): ModelInput | null {
  switch (input.kind) {
    case 'features':
      return input.decode?.(tensors) ?? null;
    case 'text':
      return null;
    default:
      // What is measured of images and tensors is measured of their tensors.
      return {};
  }
}

function predictionOf(
  { output }: LiveParts,
  outputs: TensorMap,
  encoded: EncodedInput,
): MeasuredPrediction | null {
  if (!output.needed.every((name) => Object.hasOwn(outputs, name))) return null;
  try {
    const read = output.postprocess(outputs, encoded);
    return {
      prediction: output.prediction(read),
      confidence: output.confidence(read),
      entropy: output.entropy?.(read) ?? null,
      outputs: Object.entries(read).map(([name, tensor]) => ({ name, ...tensor })),
    };
  } catch {
    // The client has got these outputs as they are; that no answer can be made of them is no failure.
    return null;
  }
}
