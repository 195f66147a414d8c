import type { InputColumn, ModelStatus } from '../../services/model-status.ts';
import type { InputKind, ModelInput } from '../../services/model-input.ts';
import type { Signature, Tensor, TensorMap } from '../../tensor/tensor.ts';
import type { FeatureSource } from '../../services/drift.ts';
import type { FeatureSpec, FeatureValue } from './features.ts';
import {
  IMAGE_FEATURES,
  measureImage,
  measureImageSize,
  type PixelLayout,
} from './image-features.ts';
import { measureTensor, tensorFeatures } from './tensor-features.ts';
import { measureText, TEXT_FEATURES, TextReader, type Vocabulary } from './text-features.ts';

/** Most columns, tensors or numbers of one kind that are watched. */
const MAX_COLUMNS = 256;
const MAX_TENSORS = 8;

/** What is known of a model whose predictions are measured. */
export interface MeasuredModel {
  readonly inputKind: InputKind;
  readonly outputKind: NonNullable<ModelStatus['outputKind']>;
  readonly signature: Signature;
  /** Columns of a model that takes tables, else `null`. */
  readonly columns: readonly InputColumn[] | null;
  /** @default NCHW */
  readonly image?: PixelLayout | undefined;
}

/** What a reference knows beyond the distribution of each feature. */
export interface ReferenceKnowledge {
  readonly vocabulary: Pick<Vocabulary, 'has'> | null;
  /** Means of tensors by name; of an embedding under {@link EMBEDDING}. */
  readonly centroids: ReadonlyMap<string, ArrayLike<number>>;
}

/** Name of the centroid of predicted embeddings. */
export const EMBEDDING = 'prediction';

/** The part of a prediction that is measured. */
export interface MeasuredPrediction {
  readonly prediction: unknown;
  readonly confidence: number | null;
  /** Entropy of the probabilities, in nats; `null` where there are none. */
  readonly entropy: number | null;
  /** Raw tensors, for kinds of output that have no other answer. */
  readonly outputs: readonly (Tensor & { readonly name: string })[];
}

const NOTHING: ReferenceKnowledge = { vocabulary: null, centroids: new Map() };

/** Measures what comes in and goes out of one model. Keeps nothing of it. */
export class FeatureReader {
  /** Features of the input, then those of the prediction. */
  readonly specs: readonly FeatureSpec[];
  /** How many of them are the input's. */
  readonly inputs: number;
  readonly #model: MeasuredModel;
  readonly #knowledge: ReferenceKnowledge;
  readonly #text = new TextReader();
  readonly #columns: readonly InputColumn[];

  constructor(model: MeasuredModel, knowledge: ReferenceKnowledge = NOTHING) {
    this.#model = model;
    this.#knowledge = knowledge;
    this.#columns = (model.columns ?? []).slice(0, MAX_COLUMNS);
    const inputs = inputFeatures(model, this.#columns);
    this.inputs = inputs.length;
    this.specs = [...inputs, ...predictionFeatures(model)];
  }

  /** Whether {@link readInput} needs the encoded tensors. */
  get needsTensors(): boolean {
    return this.#model.inputKind === 'image' || this.#model.inputKind === 'tensors';
  }

  /** The hashes of the words of a text; a view that the next reading overwrites. */
  wordsOf(text: string): Uint32Array {
    this.#text.read(text);
    return this.#text.hashes.subarray(0, this.#text.words);
  }

  /**
   * Writes the features of an input to the first places of a row.
   *
   * @param tensors the encoded input; what is measured of it is missing where it is not given
   */
  readInput(input: ModelInput, tensors: TensorMap | null, to: FeatureValue[]): void {
    switch (this.#model.inputKind) {
      case 'features':
        this.#readColumns(input.features ?? {}, to);
        return;
      case 'text':
        measureText(input.text ?? '', this.#text, this.#knowledge.vocabulary, to, 0);
        return;
      case 'image': {
        // Of pixels that came as a tensor nobody knows the size of the file.
        if (input.image === undefined) to.push(undefined, undefined);
        else measureImageSize(input.image, to, 0);
        const [tensor] = tensors ? Object.values(tensors) : [];
        if (tensor) measureImage(tensor, this.#model.image ?? { layout: 'NCHW' }, to, 0);
        else to.fill(null, 2, this.inputs);
        return;
      }
      case 'tensors':
        this.#model.signature.inputs.slice(0, MAX_TENSORS).forEach(({ name }, i) => {
          const centroid = this.#knowledge.centroids.get(name) ?? null;
          measureTensor(tensors?.[name], centroid, to, i * 3);
        });
    }
  }

  /** Writes the features of a prediction behind those of the input. */
  readPrediction(answer: MeasuredPrediction, to: FeatureValue[]): void {
    const at = this.inputs;
    switch (this.#model.outputKind) {
      case 'classification':
      case 'multi-label':
        to[at] = labelsOf(answer.prediction);
        to[at + 1] = answer.confidence;
        to[at + 2] = answer.entropy;
        return;
      case 'regression': {
        const value = answer.prediction;
        const list: ArrayLike<unknown> =
          typeof value === 'number' ? [value] : ((value as number[] | null) ?? []);
        for (let i = at; i < this.specs.length; i++) {
          const number = list[i - at];
          to[i] = typeof number === 'number' ? number : null;
        }
        return;
      }
      case 'embedding': {
        const vector = toTensor(answer.prediction);
        measureTensor(vector, this.#knowledge.centroids.get(EMBEDDING) ?? null, to, at);
        return;
      }
      case 'tensors':
        this.#model.signature.outputs.slice(0, MAX_TENSORS).forEach(({ name }, i) => {
          const tensor = answer.outputs.find((each) => each.name === name);
          measureTensor(tensor, this.#knowledge.centroids.get(name) ?? null, to, at + i * 3);
        });
    }
  }

  #readColumns(row: Readonly<Record<string, unknown>>, to: FeatureValue[]): void {
    for (let i = 0; i < this.#columns.length; i++) {
      const { name = '' } = this.#columns[i] ?? {};
      const value = Object.hasOwn(row, name) ? row[name] : null;
      const isPlain =
        typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
      to[i] = isPlain ? value : null;
    }
  }
}

function inputFeatures(
  { inputKind, signature }: MeasuredModel,
  columns: readonly InputColumn[],
): readonly FeatureSpec[] {
  switch (inputKind) {
    case 'features':
      return columns.map(({ name, type }) => ({
        name,
        source: 'input',
        kind: type === 'numeric' ? 'numeric' : 'categorical',
      }));
    case 'text':
      return TEXT_FEATURES;
    case 'image':
      return IMAGE_FEATURES;
    case 'tensors':
      return signature.inputs
        .slice(0, MAX_TENSORS)
        .flatMap(({ name }) => tensorFeatures(name, 'input'));
  }
}

function predictionFeatures({ outputKind, signature }: MeasuredModel): FeatureSpec[] {
  const source: FeatureSource = 'prediction';
  const numeric = (name: string): FeatureSpec => ({ name, source, kind: 'numeric' });
  switch (outputKind) {
    case 'classification':
    case 'multi-label':
      return [
        { name: 'prediction.label', source, kind: 'categorical' },
        numeric('prediction.confidence'),
        numeric('prediction.entropy'),
      ];
    case 'regression': {
      const width = signature.outputs[0]?.shape.slice(1).at(-1) ?? 1;
      const count = Math.min(width, MAX_TENSORS);
      if (count <= 1) return [numeric('prediction.value')];
      return Array.from({ length: count }, (_, i) => numeric(`prediction.value.${i}`));
    }
    case 'embedding':
      return tensorFeatures(EMBEDDING, source);
    case 'tensors':
      return signature.outputs
        .slice(0, MAX_TENSORS)
        .flatMap(({ name }) => tensorFeatures(name, source));
  }
}

function labelsOf(prediction: unknown): FeatureValue {
  if (typeof prediction === 'string') return prediction;
  return Array.isArray(prediction) ? (prediction as readonly string[]) : null;
}

function toTensor(vector: unknown): Tensor | undefined {
  if (!Array.isArray(vector) && !ArrayBuffer.isView(vector)) return undefined;
  const data = vector instanceof Float32Array ? vector : Float32Array.from(vector as number[]);
  return { datatype: 'FP32', shape: [1, data.length], data };
}
