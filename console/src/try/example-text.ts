import type { ModelInput } from '../api/types.ts';
import { formatLabel } from '../format.ts';

/** What a chip says of an example. */
export function exampleText(
  { input, prediction }: { readonly input: ModelInput; readonly prediction: unknown },
  index: number,
): string {
  if (input.text !== undefined) return input.text;
  if (typeof prediction === 'string' || typeof prediction === 'number') {
    return formatLabel(String(prediction));
  }
  return `Example ${index + 1}`;
}
