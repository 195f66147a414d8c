import { z } from 'zod';

const provider = z.union(
  [
    z.string().min(1),
    z.looseObject({ name: z.string().min(1), deviceId: z.int().min(0).optional() }),
  ],
  'expected the name of a provider, or an object with its name and settings',
);

const KEYS = {
  /** Threads inside one operator. More than the cores that a worker has slow it down. @default 1 */
  intraOpThreads: z.int().min(1).max(256).default(1),
  /** Threads over operators, for `executionMode: parallel`. @default 1 */
  interOpThreads: z.int().min(1).max(256).default(1),
  /** @default sequential */
  executionMode: z.enum(['sequential', 'parallel']).default('sequential'),
  /** How far the graph is rewritten when it is loaded. @default all */
  graphOptimization: z.enum(['disabled', 'basic', 'extended', 'layout', 'all']).default('all'),
  /** What computes, in order of preference: cpu, cuda, tensorrt, coreml, dml … @default [cpu] */
  executionProviders: z.array(provider).min(1).default(['cpu']),
  /** Keeps memory from run to run; faster, at the price of the largest batch's memory. @default true */
  memoryArena: z.boolean().default(true),
  /** Plans memory for shapes that come back. @default true */
  memoryPattern: z.boolean().default(true),
  /** Sizes for named dynamic axes, such as `{ sequence: 128 }`. @default none */
  dimensions: z.record(z.string(), z.int().min(1)).default({}),
  /** Further settings of ONNX Runtime's session, as its documentation names them. @default none */
  sessionConfig: z.record(z.string(), z.string()).default({}),
};

/** Settings of the `onnx` engine under `options:` of model.yaml. */
export const onnxOptionsSchema = z.strictObject(KEYS, {
  error: (issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown key ${issue.keys.join(', ')}; allowed: ${Object.keys(KEYS).join(', ')}`
      : undefined,
});

/** Settings of the `onnx` engine, defaults filled in. */
export type OnnxOptions = z.infer<typeof onnxOptionsSchema>;
