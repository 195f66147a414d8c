import type { GraphQLError } from 'graphql';
import { ServiceError } from '../../../errors.ts';
import type { Values } from './coercion.ts';

/** How much one answer may hold. */
export interface AnswerLimits {
  /** Most fields that are executed. */
  readonly maxFields: number;
  /** Most bytes of the answer, estimated from its keys and values. */
  readonly maxBytes: number;
}

/** An answer of any size. */
export const UNLIMITED: AnswerLimits = {
  maxFields: Number.POSITIVE_INFINITY,
  maxBytes: Number.POSITIVE_INFINITY,
};

/** Most time that an execution takes of one turn of the event loop, in milliseconds. */
const TURN_MS = 8;

/** Fields and items of lists between two looks at the clock. */
const WORK_PER_LOOK = 64;

/** The answer is larger than it may be: the whole operation fails, no field is left null for it. */
export class AnswerTooLargeError extends ServiceError {}

/** One execution of an operation, and what it has cost so far. */
export class Run {
  readonly contextValue: unknown;
  readonly variables: Values;
  readonly rootValue: unknown;
  /** Errors of fields that could be left null. */
  readonly errors: GraphQLError[] = [];
  readonly #limits: AnswerLimits;
  #fields = 0;
  #bytes = 0;
  /** Fields and items since the clock was read. */
  #work = 0;
  #isOver = false;
  #turnEnd = performance.now() + TURN_MS;
  #pause: Promise<void> | undefined;

  constructor(
    contextValue: unknown,
    variables: Values,
    rootValue: unknown,
    limits: AnswerLimits = UNLIMITED,
  ) {
    this.contextValue = contextValue;
    this.variables = variables;
    this.rootValue = rootValue;
    this.#limits = limits;
  }

  /** Estimated bytes of the answer so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Counts the fields of one object.
   *
   * @param bytes of their keys in the answer
   * @throws {AnswerTooLargeError} `ANSWER_TOO_LARGE`
   */
  countFields(fields: number, bytes: number): void {
    this.#fields += fields;
    this.#work += fields;
    if (this.#fields > this.#limits.maxFields) {
      throw tooLarge('has more than', this.#limits.maxFields, 'fields', 'maxFields');
    }
    this.countBytes(bytes);
  }

  /**
   * Counts bytes of a value.
   *
   * @throws {AnswerTooLargeError} `ANSWER_TOO_LARGE`
   */
  countBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.maxBytes) {
      throw tooLarge('is larger than', this.#limits.maxBytes, 'bytes', 'maxBytes');
    }
  }

  /**
   * Whether the execution has had its share of this turn of the event loop. The clock is read once
   * for some fields only.
   */
  get isOverTurn(): boolean {
    if (this.#isOver) return true;
    if (this.#work < WORK_PER_LOOK) return false;
    this.#work = 0;
    this.#isOver = performance.now() > this.#turnEnd;
    return this.#isOver;
  }

  /** Counts work that {@link isOverTurn} goes by: an item of a list. */
  countItem(): void {
    this.#work++;
  }

  /** Lets others have the event loop. All parts of the execution that pause go on together. */
  pause(): Promise<void> {
    return (this.#pause ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#pause = undefined;
        this.#isOver = false;
        this.#turnEnd = performance.now() + TURN_MS;
        resolve();
      });
    }));
  }
}

const SETTINGS = { maxFields: 'MAX_ANSWER_FIELDS', maxBytes: 'MAX_ANSWER_BYTES' } as const;

function tooLarge(
  words: string,
  limit: number,
  unit: string,
  key: keyof AnswerLimits,
): AnswerTooLargeError {
  return new AnswerTooLargeError(
    'ANSWER_TOO_LARGE',
    `The answer ${words} ${limit} ${unit}; select less, or ask for fewer predictions at a time.`,
    { details: { [key]: limit }, limit: SETTINGS[key] },
  );
}
