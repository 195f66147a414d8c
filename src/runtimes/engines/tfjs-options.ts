import { z } from 'zod';

const KEYS = {
  /** `auto`: native TensorFlow where it is installed, else WebAssembly. @default TFJS_BACKEND */
  backend: z.enum(['auto', 'native', 'wasm', 'cpu']).default('auto'),
};

/** Settings of the `tfjs` engine under `options:` of model.yaml. */
export const tfjsOptionsSchema = z.strictObject(KEYS, {
  error: (issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown key ${issue.keys.join(', ')}; allowed: ${Object.keys(KEYS).join(', ')}`
      : undefined,
});
