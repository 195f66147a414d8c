import type { z } from 'zod';
import { cutMessage } from './errors.ts';

/** Most problems that one message names. */
const MAX_ISSUES = 5;

/** Most problems that are told of one value. */
const MAX_PROBLEMS = 10;

/** What zod writes before its own messages; the path says it better. */
const PREFIX = /^Invalid input: /;

/** Writes a path for people: `inputs[3].text`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

/** One problem of a validated value: where, and what is allowed. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/**
 * Flattens the first ten zod issues. Of a union only the branch is told that the value was meant for:
 * one whose own type fits and that fails further inside. Texts are cut to what clients are sent.
 */
export function toProblems(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): Problem[] {
  const problems = issues.slice(0, MAX_PROBLEMS).flatMap((issue): Problem[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'invalid_union') {
      const meant = issue.errors.find(
        (branch) => !branch.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
      );
      if (meant && meant.length > 0) return toProblems(meant, path);
    }
    const message = cutMessage(issue.message.replace(PREFIX, ''));
    return [{ path: cutMessage(formatPath(path)), message }];
  });
  return problems.slice(0, MAX_PROBLEMS);
}

/**
 * One line that names every argument (up to five) and what is wrong with it.
 *
 * @param root how to call the value itself, such as `body`
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[], root = ''): string {
  const problems = toProblems(issues);
  const lines = problems.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const place = path === '' ? root : path;
    return place === '' ? message : `${place}: ${message}`;
  });
  const count = Math.max(problems.length, issues.length);
  if (count > MAX_ISSUES) lines.push(`and ${count - MAX_ISSUES} more`);
  return lines.join('; ');
}
