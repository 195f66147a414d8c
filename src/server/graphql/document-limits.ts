import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** How large a GraphQL document may be. */
export interface DocumentLimits {
  /** Most bytes of its text. */
  readonly maxDocumentBytes: number;
  /** Most tokens. Large inputs belong in the variables, which are not counted. */
  readonly maxDocumentTokens: number;
  /** Deepest nesting of fields; introspection by the usual tools needs 13. */
  readonly maxQueryDepth: number;
  /** Most fields with an alias, counted as often as fragments bring them in. */
  readonly maxAliases: number;
  /** Most fields at the root of an operation. */
  readonly maxRootFields: number;
  /** Most directives. */
  readonly maxDirectives: number;
}

/** Most fields of one document, counted as often as fragments bring them in. */
const MAX_FIELDS = 10_000;

/**
 * Most pairs of fields with the same response name in one place. Validation compares each pair; 142
 * of one name make 10,000.
 */
const MAX_SAME_NAME_PAIRS = 10_000;

/** Most operations and fragments of one document. */
const MAX_DEFINITIONS = 1_000;

/** Most variables of one operation. */
const MAX_VARIABLES = 1_000;

/** A document that is larger than one of its limits. */
export class DocumentLimitError extends GraphQLError {
  /** Setting of the limit; `undefined` for one that is fixed. */
  readonly limit: string | undefined;

  constructor(message: string, limit?: string, code = 'GRAPHQL_VALIDATION_FAILED') {
    super(message, { extensions: { code } });
    this.limit = limit;
  }
}

/** Whether fragments spread each other in a circle. */
export function hasFragmentCycle(document: DocumentNode): boolean {
  const spreads = new Map<string, readonly string[]>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const names: string[] = [];
    visit(definition, { FragmentSpread: ({ name }) => void names.push(name.value) });
    spreads.set(definition.name.value, names);
  }
  // Fragments from which no circle can be reached are taken out until none is left, or a circle is.
  let left = spreads.size;
  for (;;) {
    for (const [name, names] of spreads) {
      if (!names.some((other) => spreads.has(other))) spreads.delete(name);
    }
    if (spreads.size === 0) return false;
    if (spreads.size === left) return true;
    left = spreads.size;
  }
}

/**
 * Checks a parsed document before anything is done with it whose cost grows faster than its text.
 * Fragments are followed as execution would, each of their fields counted every time; the walk stops
 * at the first limit.
 *
 * @returns the error that refuses it; `undefined` where it is within the limits
 */
export function checkDocument(
  document: DocumentNode,
  limits: DocumentLimits,
): GraphQLError | undefined {
  try {
    new DocumentWalk(document, limits).walk();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof DocumentLimitError) return thrown;
    throw thrown;
  }
}

/**
 * Checks what the cost of looking for circles grows with.
 *
 * @returns the error that refuses it; `undefined` where it is within the limits
 */
export function checkDefinitions({ definitions }: DocumentNode): GraphQLError | undefined {
  if (definitions.length > MAX_DEFINITIONS) {
    return new DocumentLimitError(
      `The document has more than ${MAX_DEFINITIONS} operations and fragments.`,
    );
  }
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if ((definition.variableDefinitions?.length ?? 0) <= MAX_VARIABLES) continue;
    return new DocumentLimitError(`An operation has more than ${MAX_VARIABLES} variables.`);
  }
  return undefined;
}

class DocumentWalk {
  readonly #document: DocumentNode;
  readonly #limits: DocumentLimits;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Fragments that have been walked through. */
  readonly #followed = new Set<string>();
  #fields = 0;
  #aliases = 0;
  #pairs = 0;
  #directives = 0;

  constructor(document: DocumentNode, limits: DocumentLimits) {
    this.#document = document;
    this.#limits = limits;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  walk(): void {
    for (const definition of this.#document.definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) this.#walkOperation(definition);
    }
    // Validation looks at fragments that nobody spreads too.
    for (const [name, { selectionSet }] of this.#fragments) {
      if (!this.#followed.has(name)) this.#walkSets([selectionSet], 1);
    }
  }

  #walkOperation({ selectionSet }: OperationDefinitionNode): void {
    const roots = this.#walkSets([selectionSet], 1);
    const { maxRootFields } = this.#limits;
    if (roots > maxRootFields) {
      throw new DocumentLimitError(
        `The operation selects ${roots} root fields; at most ${maxRootFields} are allowed.`,
        'MAX_ROOT_FIELDS',
      );
    }
  }

  /** @returns how many response names the sets select together */
  #walkSets(sets: readonly SelectionSetNode[], depth: number): number {
    const { maxQueryDepth } = this.#limits;
    const byName = new Map<string, FieldNode[]>();
    for (const set of sets) this.#collect(set, byName, new Set());
    if (depth > maxQueryDepth && byName.size > 0) {
      throw new DocumentLimitError(
        `The operation nests fields deeper than ${maxQueryDepth} levels.`,
        'MAX_QUERY_DEPTH',
      );
    }
    for (const nodes of byName.values()) {
      this.#pairs += (nodes.length * (nodes.length - 1)) / 2;
      if (this.#pairs > MAX_SAME_NAME_PAIRS) {
        throw new DocumentLimitError('The document selects the same fields too many times.');
      }
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (inner.length > 0) this.#walkSets(inner, depth + 1);
    }
    return byName.size;
  }

  #collect(
    { selections }: SelectionSetNode,
    byName: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      this.#countDirectives(selection.directives?.length ?? 0);
      // Spreads and inline fragments cost as much to follow as a field.
      if (++this.#fields > MAX_FIELDS) {
        throw new DocumentLimitError(
          `The document selects more than ${MAX_FIELDS} fields, those of its fragments counted ` +
            'each time that they are spread.',
        );
      }
      if (selection.kind === Kind.FIELD) this.#addField(selection, byName);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#collect(selection.selectionSet, byName, spread);
      } else {
        const name = selection.name.value;
        const fragment = this.#fragments.get(name);
        // As in execution, a fragment counts once in one place, which ends circles too.
        if (!fragment || spread.has(name)) continue;
        spread.add(name);
        this.#followed.add(name);
        this.#collect(fragment.selectionSet, byName, spread);
      }
    }
  }

  #addField(field: FieldNode, byName: Map<string, FieldNode[]>): void {
    const { alias, name } = field;
    if (alias && ++this.#aliases > this.#limits.maxAliases) {
      throw new DocumentLimitError(
        `The document has more than ${this.#limits.maxAliases} aliases; send many inputs as a batch.`,
        'MAX_ALIASES',
      );
    }
    const key = (alias ?? name).value;
    const nodes = byName.get(key);
    if (nodes) nodes.push(field);
    else byName.set(key, [field]);
  }

  #countDirectives(directives: number): void {
    this.#directives += directives;
    if (this.#directives > this.#limits.maxDirectives) {
      throw new DocumentLimitError(
        `The document has more than ${this.#limits.maxDirectives} directives.`,
        'MAX_DIRECTIVES',
      );
    }
  }
}
