import { randomUUID } from 'node:crypto';
import type { Tensor, TensorMap } from '../tensor/tensor.ts';

/** A label and its score. */
export interface Score {
  readonly label: string;
  /** Probability from 0 to 1 for classifiers. */
  readonly score: number;
}

/** Where the time of one prediction went, in milliseconds. */
export interface Timings {
  /** Turning the input into tensors. */
  readonly encodeMs: number;
  /** Looking in the cache. */
  readonly cacheMs: number;
  /** Waiting for a worker; 0 when cached. */
  readonly queueMs: number;
  /** The batch in the engine; 0 when cached. */
  readonly inferenceMs: number;
  /** Share of the batch that this prediction is charged, in milliseconds. @default 0 */
  readonly computeMs?: number;
}

/** A named output tensor of one prediction. */
export interface NamedTensor extends Tensor {
  readonly name: string;
}

/** Reads an answer from the output tensors of one input. */
export interface OutputReader {
  /** The answer in the model's own terms; see {@link Prediction.prediction}. */
  prediction(outputs: TensorMap): unknown;
  /** Probability of the answer, from 0 to 1; `null` where the kind of output has none. */
  confidence(outputs: TensorMap): number | null;
  /** The `top` likeliest labels, best first; `null` where the kind of output has no labels. */
  scores(outputs: TensorMap, top: number): Score[] | null;
  /** Entropy of the probabilities, in nats. @default none */
  entropy?(outputs: TensorMap): number;
}

/** What made an answer. */
export interface PredictionOrigin {
  readonly model: string;
  readonly version: string;
  readonly cached: boolean;
  readonly latencyMs: number;
  readonly timings: Timings;
  /**
   * Makes the id when it is first read: only then can anyone report an outcome.
   *
   * @default a random UUID
   */
  readonly name?: (prediction: Prediction) => string;
}

/** One answer. What is not read (scores, outputs, id) is never computed. */
export class Prediction {
  readonly #reader: OutputReader;
  readonly #outputs: TensorMap;
  readonly #origin: PredictionOrigin;
  #id: string | undefined;
  #prediction: { readonly value: unknown } | undefined;
  #confidence: number | null | undefined;

  constructor(reader: OutputReader, outputs: TensorMap, origin: PredictionOrigin) {
    this.#reader = reader;
    this.#outputs = outputs;
    this.#origin = origin;
  }

  /** Unique name of this answer, for feedback and logs. */
  get id(): string {
    return (this.#id ??= this.#origin.name?.(this) ?? randomUUID());
  }

  /**
   * The answer in the model's own terms: the label of a classification, the labels of a
   * multi-label one, the number of a regression, the vector of an embedding, the data of a lone
   * tensor.
   */
  get prediction(): unknown {
    // Read by the client, the figures and the memory of outcomes alike.
    this.#prediction ??= { value: this.#reader.prediction(this.#outputs) };
    return this.#prediction.value;
  }

  /** Probability of `prediction`, from 0 to 1; `null` where the kind of output has none. */
  get confidence(): number | null {
    // Read by the client and by the figures.
    if (this.#confidence === undefined) this.#confidence = this.#reader.confidence(this.#outputs);
    return this.#confidence;
  }

  /** The `top` likeliest labels, best first; `null` where the kind of output has no labels. */
  scores(top: number): Score[] | null {
    return this.#reader.scores(this.#outputs, top);
  }

  /** Entropy of the probabilities, in nats; `null` where the kind of output has none. */
  get entropy(): number | null {
    return this.#reader.entropy?.(this.#outputs) ?? null;
  }

  /** The outputs as the cache keeps them, by name; not to be changed. */
  get tensors(): TensorMap {
    return this.#outputs;
  }

  /** The raw output tensors that were computed. */
  get outputs(): NamedTensor[] {
    return Object.entries(this.#outputs).map(([name, tensor]) => ({ name, ...tensor }));
  }

  get model(): string {
    return this.#origin.model;
  }

  get version(): string {
    return this.#origin.version;
  }

  /** Whether the answer came from the cache. */
  get cached(): boolean {
    return this.#origin.cached;
  }

  /** Time from the call to the answer inside the server, in milliseconds. */
  get latencyMs(): number {
    return this.#origin.latencyMs;
  }

  get timings(): Timings {
    return this.#origin.timings;
  }
}
