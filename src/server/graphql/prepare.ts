import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoFragmentCyclesRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { createDocumentCache } from './document-cache.ts';
import {
  checkDefinitions,
  checkDocument,
  DocumentLimitError,
  type DocumentLimits,
  hasFragmentCycle,
} from './document-limits.ts';
import { readDocumentText } from './document-text.ts';
import { MAX_ERRORS } from './errors.ts';
import { compileOperation, type CompiledOperation } from './executor/compile.ts';
import type { Values } from './executor/coercion.ts';
import type { MaybePromise } from './executor/field.ts';
import type { OperationParams } from './operation-params.ts';

/** An operation that may be executed. */
export interface PreparedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** `undefined` for what only graphql-js can execute. */
  readonly compiled: CompiledOperation | undefined;
  readonly variables: Values;
  /** As the client sent it. */
  readonly params: OperationParams;
}

/** Why a request has no operation that may be executed. */
export interface RequestErrors {
  readonly errors: readonly GraphQLError[];
}

/** Code of the error that no operation of a document is the one that was asked for. */
export const UNKNOWN_OPERATION = 'OPERATION_RESOLUTION_FAILURE';

/** A document as it was found: valid, with its operations, or what is wrong with it. */
type KnownDocument = ValidDocument | RequestErrors;

interface ValidDocument {
  readonly document: DocumentNode;
  readonly operations: readonly OperationDefinitionNode[];
  readonly compiled: Map<OperationDefinitionNode, CompiledOperation | undefined>;
}

/**
 * Documents of more characters are parsed without the places of their parts: to tell the line of an
 * error, graphql-js counts all lines before it, for each error anew.
 */
const MAX_LOCATED_LENGTH = 65_536;

/** Longest name of a field, a variable or a fragment, in characters: errors quote it. */
const MAX_WORD_LENGTH = 1_000;

/** Documents of more characters are looked at in several turns of the event loop. */
const LARGE = 16_384;

/** What graphql-js says of a document with more tokens than `maxTokens`. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[tn] \d+ tokens/;

/** Deepest nesting of brackets; the parser, and all that reads its tree, call themselves for each. */
const MAX_NESTING = 200;

/**
 * The one preparation of GraphQL operations, for every transport: parses, checks the limits of the
 * document, validates, finds the operation, compiles it and coerces its variables. What it found out
 * about a document it remembers, also that it is not valid.
 */
export class Preparation {
  readonly #limits: DocumentLimits;
  readonly #useCompiled: boolean;
  /** By schema, so that a changed schema starts anew. */
  readonly #caches = new WeakMap<
    GraphQLSchema,
    ReturnType<typeof createDocumentCache<KnownDocument>>
  >();

  /** @param useCompiled whether operations are compiled; else graphql-js executes all */
  constructor(limits: DocumentLimits, useCompiled: boolean) {
    this.#limits = limits;
    this.#useCompiled = useCompiled;
  }

  /**
   * Prepares an operation; what is wrong with it comes back as the errors of the request. A large
   * document that is not known gives way to others between the steps.
   */
  prepare(
    schema: GraphQLSchema,
    params: OperationParams,
  ): MaybePromise<PreparedOperation | RequestErrors> {
    const known = this.#find(schema, params.query);
    return known instanceof Promise
      ? known.then((found) => this.#finish(schema, params, found))
      : this.#finish(schema, params, known);
  }

  #finish(
    schema: GraphQLSchema,
    params: OperationParams,
    known: KnownDocument,
  ): PreparedOperation | RequestErrors {
    if ('errors' in known) return known;
    const definition = findOperation(known.operations, params.operationName);
    if (definition instanceof GraphQLError) return { errors: [definition] };
    const compiled = this.#compile(schema, known, definition);
    const variables = readVariables(schema, definition, compiled, params.variables ?? {});
    if ('errors' in variables) return { errors: variables.errors };
    const { document } = known;
    return { schema, document, definition, compiled, variables: variables.values, params };
  }

  #find(schema: GraphQLSchema, query: string): MaybePromise<KnownDocument> {
    let cache = this.#caches.get(schema);
    if (!cache) this.#caches.set(schema, (cache = createDocumentCache<KnownDocument>()));
    let known = cache.get(query);
    if (known) return known;
    if (query.length > LARGE) return this.#lookInTurns(schema, query);
    known = this.#look(schema, query);
    cache.set(query, known);
    return known;
  }

  #look(schema: GraphQLSchema, query: string): KnownDocument {
    const parsed = this.#parse(query);
    if ('errors' in parsed) return parsed;
    return this.#check(parsed) ?? validateDocument(schema, parsed);
  }

  async #lookInTurns(schema: GraphQLSchema, query: string): Promise<KnownDocument> {
    const parsed = this.#parse(query);
    if ('errors' in parsed) return parsed;
    await nextTurn();
    const exceeded = this.#check(parsed);
    if (exceeded) return exceeded;
    await nextTurn();
    const known = validateDocument(schema, parsed);
    await nextTurn();
    return known;
  }

  #parse(query: string): DocumentNode | RequestErrors {
    const { maxDocumentBytes, maxDocumentTokens } = this.#limits;
    if (query.length > maxDocumentBytes || Buffer.byteLength(query) > maxDocumentBytes) {
      const message = `The document is larger than ${maxDocumentBytes} bytes; send inputs as variables.`;
      return refuse(message, 'MAX_DOCUMENT_BYTES');
    }
    const { nesting, longestWord } = readDocumentText(query);
    if (nesting > MAX_NESTING) {
      return refuse(`The document nests brackets deeper than ${MAX_NESTING} levels.`);
    }
    if (longestWord > MAX_WORD_LENGTH) {
      return refuse(
        `The document has a name or a number of more than ${MAX_WORD_LENGTH} characters.`,
      );
    }
    try {
      return parse(query, {
        maxTokens: maxDocumentTokens,
        noLocation: query.length > MAX_LOCATED_LENGTH,
      });
    } catch (thrown) {
      if (!(thrown instanceof GraphQLError)) throw thrown;
      if (TOO_MANY_TOKENS.test(thrown.message)) {
        const message = `The document has more than ${maxDocumentTokens} tokens; send inputs as variables.`;
        return refuse(message, 'MAX_DOCUMENT_TOKENS');
      }
      thrown.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
      return { errors: [thrown] };
    }
  }

  #check(document: DocumentNode): RequestErrors | undefined {
    const exceeded =
      checkDefinitions(document) ??
      (hasFragmentCycle(document) ? undefined : checkDocument(document, this.#limits));
    return exceeded && { errors: [exceeded] };
  }

  #compile(
    schema: GraphQLSchema,
    { document, compiled }: ValidDocument,
    definition: OperationDefinitionNode,
  ): CompiledOperation | undefined {
    if (!this.#useCompiled) return undefined;
    let operation = compiled.get(definition);
    if (!operation && !compiled.has(definition)) {
      operation = compileOperation(schema, document, definition);
      compiled.set(definition, operation);
    }
    return operation;
  }
}

function refuse(message: string, limit?: string): RequestErrors {
  return { errors: [new DocumentLimitError(message, limit, 'GRAPHQL_PARSE_FAILED')] };
}

function validateDocument(schema: GraphQLSchema, document: DocumentNode): KnownDocument {
  const rules = hasFragmentCycle(document) ? [NoFragmentCyclesRule] : specifiedRules;
  const errors = validate(schema, document, rules, { maxErrors: MAX_ERRORS });
  if (errors.length > 0) {
    for (const error of errors) error.extensions.code ??= 'GRAPHQL_VALIDATION_FAILED';
    return { errors: errors.slice(0, MAX_ERRORS) };
  }
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return { document, operations, compiled: new Map() };
}

function findOperation(
  operations: readonly OperationDefinitionNode[],
  name: string | undefined,
): OperationDefinitionNode | GraphQLError {
  const found =
    name === undefined
      ? operations.length === 1
        ? operations[0]
        : undefined
      : operations.find((operation) => operation.name?.value === name);
  if (found) return found;
  const message =
    name !== undefined
      ? `Unknown operation named "${name}".`
      : operations.length === 0
        ? 'Must provide an operation.'
        : 'Must provide operation name if query contains multiple operations.';
  return new GraphQLError(message, { extensions: { code: UNKNOWN_OPERATION } });
}

function readVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  compiled: CompiledOperation | undefined,
  given: Values,
): { readonly values: Values } | RequestErrors {
  const values = compiled?.readVariables(given);
  if (values) return { values };
  // It says what is wrong.
  const coerced = getVariableValues(schema, variableDefinitions, given, { maxErrors: MAX_ERRORS });
  if (!coerced.errors) return { values: coerced.coerced };
  return {
    errors: coerced.errors.slice(0, MAX_ERRORS).map((error) => {
      error.extensions.code ??= 'BAD_USER_INPUT';
      return error;
    }),
  };
}
