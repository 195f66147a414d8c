import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Datatype, Tensor, TensorMap, TensorSpec } from '../../tensor.ts';
import type { Engine, LoadedModel, LoadSpec } from '../engine.ts';

type Ort = typeof OnnxRuntime;

/** ONNX element types by datatype. FP16 and BF16 cross as raw 16-bit patterns. */
const ONNX_TYPES = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  BF16: 'bfloat16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Record<Datatype, string>;

const DATATYPES = Object.fromEntries(
  Object.entries(ONNX_TYPES).map(([datatype, type]) => [type, datatype]),
) as Readonly<Record<string, Datatype | undefined>>;

/** ONNX Runtime: `model.onnx` files as PyTorch, scikit-learn and Hugging Face export them. */
export const onnxEngine: Engine = {
  name: 'onnx',
  async load(spec: LoadSpec): Promise<LoadedModel> {
    const ort = await import('onnxruntime-node');
    const providers = (spec.options.executionProviders as string[] | undefined) ?? ['cpu'];
    const available = ort.listSupportedBackends().map((backend) => backend.name);
    for (const provider of providers) {
      if (!available.includes(provider)) {
        throw new Error(
          `execution provider "${provider}" is not available here; available: ${available.join(', ')}`,
        );
      }
    }
    const session = await ort.InferenceSession.create(spec.path, {
      executionProviders: providers,
      intraOpNumThreads: (spec.options.intraOpThreads as number | undefined) ?? 1,
      interOpNumThreads: (spec.options.interOpThreads as number | undefined) ?? 1,
      graphOptimizationLevel:
        (spec.options
          .graphOptimization as InferenceSession.SessionOptions['graphOptimizationLevel']) ?? 'all',
      // Warnings of the library would reach the console of the server unstructured.
      logSeverityLevel: 3,
    });
    return new OnnxModel(ort, session, providers[0] ?? 'cpu');
  },
};

class OnnxModel implements LoadedModel {
  readonly backend: string;
  readonly signature;
  readonly #ort: Ort;
  readonly #session: InferenceSession;

  constructor(ort: Ort, session: InferenceSession, backend: string) {
    this.#ort = ort;
    this.#session = session;
    this.backend = backend;
    this.signature = {
      inputs: session.inputMetadata.map((meta) => specOf(meta, 'input')),
      outputs: session.outputMetadata.map((meta) => specOf(meta, 'output')),
    };
  }

  async run(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap> {
    const feeds: Record<string, OrtTensor> = {};
    for (const [name, { datatype, data, shape }] of Object.entries(inputs)) {
      feeds[name] = new this.#ort.Tensor(
        ONNX_TYPES[datatype] as 'float32',
        data as Float32Array,
        shape,
      );
    }
    const results = await this.#session.run(feeds, [...outputs]);
    const answer: Record<string, Tensor> = {};
    for (const name of outputs) {
      const result = results[name];
      if (!result) throw new Error(`the model gave no output "${name}"`);
      answer[name] = fromOrt(name, result);
    }
    return answer;
  }

  stats() {
    return { tensors: null, bytes: null };
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }
}

function specOf(meta: InferenceSession.ValueMetadata, side: 'input' | 'output'): TensorSpec {
  if (!meta.isTensor) {
    throw new Error(
      `${side} "${meta.name}" is not a tensor but a sequence or map; scikit-learn exports need ` +
        `options={'zipmap': False} in skl2onnx's convert_sklearn (or drop that output)`,
    );
  }
  const datatype = DATATYPES[meta.type];
  if (!datatype) throw new Error(`${side} "${meta.name}" has the unsupported type ${meta.type}`);
  return {
    name: meta.name,
    datatype,
    shape: meta.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null)),
  };
}

function fromOrt(name: string, result: OrtTensor): Tensor {
  const datatype = DATATYPES[result.type];
  if (!datatype) throw new Error(`output "${name}" has the unsupported type ${result.type}`);
  return { datatype, shape: result.dims, data: result.data };
}
