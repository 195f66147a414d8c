import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  type GraphQLResolveInfo,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Whether the client selects the field at `path` below the field being resolved, so that what is
 * not selected need not be computed. Follows fragments and obeys `@skip` and `@include`; type
 * conditions are taken as met.
 *
 * @param path names of fields (not aliases), outermost first
 */
export function isSelected(info: GraphQLResolveInfo, ...path: readonly string[]): boolean {
  const visited = new Set<string>();
  return info.fieldNodes.some((node) => selects(node.selectionSet, path, info, visited));
}

function selects(
  set: SelectionSetNode | undefined,
  path: readonly string[],
  info: GraphQLResolveInfo,
  visited: Set<string>,
): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return true;
  return (set?.selections ?? []).some((selection) => {
    if (!isIncluded(selection, info)) return false;
    if (selection.kind === Kind.FIELD) {
      return selection.name.value === name && selects(selection.selectionSet, rest, info, visited);
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return selects(selection.selectionSet, path, info, visited);
    }
    // Fragments that spread each other twice over would otherwise be walked 2^n times.
    const key = `${path.length} ${selection.name.value}`;
    if (visited.has(key)) return false;
    visited.add(key);
    return selects(info.fragments[selection.name.value]?.selectionSet, path, info, visited);
  });
}

function isIncluded(node: SelectionNode, info: GraphQLResolveInfo): boolean {
  if (!node.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues);
  if (skip?.if === true) return false;
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues);
  return include?.if !== false;
}
