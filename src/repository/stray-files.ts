/** What to do with a file that holds a model, but not as this server opens it. */
interface Advice {
  readonly pattern: RegExp;
  /** What it is. */
  readonly what: string;
  /** How it becomes a model here. */
  readonly how: string;
}

const ADVICE: readonly Advice[] = [
  {
    pattern: /\.(?:pt|pth|ckpt)$/i,
    what: 'is a PyTorch file',
    how: 'export the model to ONNX with torch.onnx.export(model, example, "model.onnx")',
  },
  {
    pattern: /\.(?:pkl|pickle|joblib)$/i,
    what: 'is pickled Python, which only Python can open',
    how: 'export a scikit-learn model to ONNX with skl2onnx.to_onnx(model, X[:1])',
  },
  {
    pattern: /\.(?:h5|hdf5|keras)$/i,
    what: 'is a Keras file',
    how: 'convert it with tensorflowjs_converter --input_format=keras, or export it to ONNX with tf2onnx',
  },
  {
    pattern: /(?:\.safetensors|(?:^|\/)pytorch_model.*\.bin)$/i,
    what: 'holds weights without the graph of the model',
    how: 'export the model to ONNX with optimum-cli export onnx --model NAME FOLDER',
  },
  {
    pattern: /\.gguf$/i,
    what: 'is for llama.cpp, which this server does not run',
    how: 'export the original model to ONNX with optimum-cli export onnx --model NAME FOLDER',
  },
  {
    pattern: /\.tflite$/i,
    what: 'is for TensorFlow Lite',
    how: 'convert it to ONNX with python -m tf2onnx.convert --tflite FILE --output model.onnx',
  },
];

/** Files that engines here open, where they lie in a folder of their own. */
const SERVABLE = /\.(?:onnx|ort)$|^(?:model\.json|saved_model\.pb|model\.yaml)$/i;

/** Names of models are made of these. */
const NO_NAME = /[^A-Za-z0-9._-]+/g;

/**
 * Says how a file of another format becomes a model, for its operator.
 *
 * @param file name, or path relative to the version's folder
 * @returns `undefined` for files that are not known to be models
 */
export function exportAdvice(file: string): string | undefined {
  const advice = ADVICE.find(({ pattern }) => pattern.test(file));
  return advice && `${JSON.stringify(file)} ${advice.what}: ${advice.how}`;
}

/**
 * Says why a file that lies in the folder of models itself is not served, and what to do with it.
 *
 * @param file its name
 * @returns `undefined` for files that are no models
 */
export function strayAdvice(file: string): string | undefined {
  const advice = exportAdvice(file);
  if (advice !== undefined) return `${advice}.`;
  if (!SERVABLE.test(file)) return undefined;
  const isModelFile = /\.(?:onnx|ort)$/i.test(file);
  const stem = file.replace(/\.[^.]*$/, '').replace(NO_NAME, '-');
  const name = isModelFile && /^[A-Za-z0-9]/.test(stem) ? stem : 'NAME';
  const target = file === 'model.yaml' ? `${name}/model.yaml` : `${name}/1/${file}`;
  const or = isModelFile ? `, or run ml-inference-api init ${file}` : '';
  return `${JSON.stringify(file)} lies beside the models, where nothing is served from: move it to ${target}${or}.`;
}
