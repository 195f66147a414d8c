import { stat } from 'node:fs/promises';
import path from 'node:path';
import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import type {
  BytesElement,
  Signature,
  Tensor,
  TensorMap,
  TensorSpec,
} from '../../tensor/tensor.ts';
import type { Engine, LoadedModel, LoadSpec } from '../engine.ts';
import { engineMessage } from './engine-message.ts';
import { checkOptions } from './engine-options.ts';
import { onnxOptionsSchema, type OnnxOptions } from './onnx-options.ts';
import { needsEscape } from './onnx-bytes.ts';
import { readOnnxHeader, type DeclaredValue } from './onnx-header.ts';
import { carryHalfFloatsAsBits, datatypeOf, fromOrt, toOrt, typeName } from './onnx-tensors.ts';

type Ort = typeof OnnxRuntime;

/** ONNX Runtime: `model.onnx` files as PyTorch, scikit-learn and Hugging Face export them. */
export const onnxEngine: Engine = {
  name: 'onnx',
  async load(spec: LoadSpec): Promise<LoadedModel> {
    const options = checkOptions(onnxOptionsSchema, spec.options);
    const name = path.basename(spec.path);
    // An empty file is a valid, empty protocol buffer: the library's message would say little.
    if ((await stat(spec.path)).size === 0) throw new Error(`${name} is empty`);
    const ort = await import('onnxruntime-node');
    carryHalfFloatsAsBits(ort.Tensor);
    // The library would write to the console of the server, unstructured; it also throws what it logs.
    ort.env.logLevel = 'fatal';
    checkProviders(ort, options);
    const session = await openSession(ort, spec.path, options);
    const backend = providerName(options.executionProviders[0] ?? 'cpu');
    return new OnnxModel(ort, session, backend, declaredValues(spec.path));
  },
};

const providerName = (provider: OnnxOptions['executionProviders'][number]): string =>
  typeof provider === 'string' ? provider : provider.name;

function checkProviders(ort: Ort, { executionProviders }: OnnxOptions): void {
  const available = ort.listSupportedBackends().map((backend) => backend.name);
  for (const name of executionProviders.map(providerName)) {
    if (available.includes(name)) continue;
    throw new Error(
      `model.yaml, options.executionProviders: "${name}" is not available here; ` +
        `this build has ${available.join(', ')}`,
    );
  }
}

/** What the file says of inputs and outputs, by name. */
interface Declared {
  readonly inputs: ReadonlyMap<string, DeclaredValue>;
  readonly outputs: ReadonlyMap<string, DeclaredValue>;
}

function declaredValues(file: string): Declared {
  const header = readOnnxHeader(file);
  const byName = (values: readonly DeclaredValue[] = []) =>
    new Map(values.map((value) => [value.name, value]));
  return { inputs: byName(header?.inputs), outputs: byName(header?.outputs) };
}

async function openSession(
  ort: Ort,
  file: string,
  options: OnnxOptions,
): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(file, {
      executionProviders: options.executionProviders,
      executionMode: options.executionMode,
      intraOpNumThreads: options.intraOpThreads,
      interOpNumThreads: options.interOpThreads,
      graphOptimizationLevel: options.graphOptimization,
      enableCpuMemArena: options.memoryArena,
      enableMemPattern: options.memoryPattern,
      freeDimensionOverrides: options.dimensions,
      extra: options.sessionConfig,
      logSeverityLevel: 4,
    });
  } catch (thrown) {
    throw new Error(explain(engineMessage(thrown, file), path.basename(file)), { cause: thrown });
  }
}

/** Says what an operator can do about the commonest failures. */
function explain(message: string, name: string): string {
  const provider = /AppendExecutionProvider_(\w+)/.exec(message)?.[1]?.toLowerCase();
  if (provider !== undefined) {
    return (
      `model.yaml, options.executionProviders: "${provider}" cannot be started: its libraries are ` +
      `not installed or there is no such device (${message})`
    );
  }
  if (/Unsupported data type: 16\b/.test(message)) {
    return `${name} has an input or output of type bfloat16, which ONNX Runtime for Node cannot carry; export it as float32 or float16`;
  }
  if (message.startsWith('Unsupported data type')) {
    return `${name} has an input or output of a type that ONNX Runtime for Node cannot carry (${message})`;
  }
  if (message.includes('Protobuf parsing failed')) {
    return `${name} is not a valid ONNX file: it is damaged or cut short`;
  }
  return `${name} cannot be loaded: ${message.replace(/^Load model from \S+ failed:\s*/, '')}`;
}

class OnnxModel implements LoadedModel {
  readonly backend: string;
  readonly signature: Signature;
  readonly #ort: Ort;
  readonly #session: InferenceSession;

  constructor(ort: Ort, session: InferenceSession, backend: string, declared: Declared) {
    this.#ort = ort;
    this.#session = session;
    this.backend = backend;
    this.signature = {
      inputs: session.inputMetadata.map((meta) => inputOf(meta, declared.inputs.get(meta.name))),
      outputs: session.outputMetadata.map((meta) =>
        specOf(meta, declared.outputs.get(meta.name), 'output'),
      ),
    };
  }

  async run(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap> {
    const feeds: Record<string, OnnxRuntime.Tensor> = {};
    const escaped = Object.values(inputs).some(
      ({ datatype, data }) => datatype === 'BYTES' && needsEscape(data as BytesElement[]),
    );
    for (const name of Object.keys(inputs)) {
      const tensor = inputs[name];
      if (tensor) feeds[name] = toOrt(this.#ort.Tensor, tensor, escaped);
    }
    const results = await this.#run(feeds, outputs);
    const answer: Record<string, Tensor> = {};
    for (const name of outputs) {
      const result = results[name];
      if (!result) throw new Error(`the model gave no output "${name}"`);
      answer[name] = fromOrt(name, result, escaped);
    }
    return answer;
  }

  #run(
    feeds: Record<string, OnnxRuntime.Tensor>,
    outputs: readonly string[],
  ): Promise<InferenceSession.OnnxValueMapType> {
    const session = this.#session;
    const isComplete = session.inputNames.every((name) => name in feeds);
    if (isComplete) return session.run(feeds, outputs);
    // The library asks for every input, its binding only for those that are not optional.
    const missing = this.signature.inputs.find(({ name, optional }) => !optional && !feeds[name]);
    if (missing) throw new Error(`input "${missing.name}" is missing`);
    const { handler } = session as unknown as { readonly handler: SessionHandler };
    return handler.run(feeds, Object.fromEntries(outputs.map((name) => [name, null])), {});
  }

  stats() {
    return { tensors: null, bytes: null };
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }
}

/** The binding under a session, which the library's types hide. */
interface SessionHandler {
  run(
    feeds: Record<string, OnnxRuntime.Tensor>,
    fetches: Record<string, null>,
    options: object,
  ): Promise<InferenceSession.OnnxValueMapType>;
}

function inputOf(
  meta: InferenceSession.ValueMetadata,
  declared: DeclaredValue | undefined,
): TensorSpec {
  const { name } = meta;
  if (declared?.kind !== 'optional' || declared.elementType === null) {
    return specOf(meta, declared, 'input');
  }
  const datatype = datatypeOf(typeName(declared.elementType), `input "${name}"`);
  // The runtime tells nothing of what is optional; a shape would be a guess.
  return { name, datatype, shape: [], unranked: true, optional: true };
}

function specOf(
  meta: InferenceSession.ValueMetadata,
  declared: DeclaredValue | undefined,
  side: 'input' | 'output',
): TensorSpec {
  const { name } = meta;
  if (!meta.isTensor) {
    throw new Error(
      `${side} "${name}" is not a tensor but a sequence or map; scikit-learn exports need ` +
        `options={'zipmap': False} in skl2onnx's convert_sklearn (or drop that output)`,
    );
  }
  const shape = meta.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null));
  // The runtime has no sign for an unknown shape: it looks like that of a scalar.
  const isScalar = declared?.rank === 0;
  return {
    name,
    datatype: datatypeOf(meta.type, `${side} "${name}"`),
    shape,
    ...(shape.length === 0 && !isScalar && { unranked: true }),
  };
}
