import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  parse,
  type ParseOptions,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { ServerPlugin } from '../../http/server-context.ts';

/** Most tokens of one document. Large inputs belong in the variables, which are not counted. */
export const MAX_TOKENS = 10_000;

/** Deepest nesting of fields; introspection by the usual tools needs 13. */
export const MAX_DEPTH = 20;

/** Refuses documents that are too long or too deep before they cost anything. */
export function useLimits(): ServerPlugin {
  return {
    onParse({ setParseFn }) {
      setParseFn(parseWithinLimit);
    },
    onValidate({ addValidationRule }) {
      addValidationRule(DepthLimitRule);
    },
  };
}

function parseWithinLimit(source: string, options?: ParseOptions) {
  return parse(source, { ...options, maxTokens: MAX_TOKENS });
}

/** Validation rule: no field is nested deeper than {@link MAX_DEPTH}. */
export function DepthLimitRule(context: ValidationContext): ASTVisitor {
  // Each fragment is measured once, however often it is spread. A fragment that is being measured
  // counts 0: cycles are refused by a rule of their own and must only not run forever here.
  const depths = new Map<string, number>();
  const depthOfFragment = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    depths.set(name, 0);
    const depth = depthOf(context.getFragment(name)?.selectionSet);
    depths.set(name, depth);
    return depth;
  };
  const depthOf = (set: SelectionSetNode | undefined): number => {
    let deepest = 0;
    for (const selection of set?.selections ?? []) {
      const depth =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? depthOfFragment(selection.name.value)
          : depthOf(selection.selectionSet) + (selection.kind === Kind.FIELD ? 1 : 0);
      if (depth > deepest) deepest = depth;
    }
    return deepest;
  };
  return {
    OperationDefinition(node) {
      if (depthOf(node.selectionSet) <= MAX_DEPTH) return;
      context.reportError(
        new GraphQLError(`The operation nests fields deeper than ${MAX_DEPTH} levels.`, {
          nodes: node,
        }),
      );
    },
  };
}
