import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../children.ts';
import { progress } from '../progress.ts';

/** A revision of this repository, built in a folder of its own. */
export interface Checkout extends Disposable {
  readonly folder: string;
  /** Its abbreviated commit. */
  readonly commit: string;
}

/**
 * Checks a revision out, installs what its lock file names, and builds it.
 *
 * @param revision anything that git resolves: a tag, a branch, a commit
 * @throws {Error} where git does not know it, or it cannot be built
 */
export function checkOut(revision: string): Checkout {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--short', '--verify', `${revision}^{commit}`);
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'bench-')), commit);
  progress(`checking out ${commit}`);
  git('worktree', 'add', '--detach', folder, commit);
  const remove = (): void => void git('worktree', 'remove', '--force', folder);
  try {
    progress(`installing and building ${commit}`);
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'ignore' });
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, commit, [Symbol.dispose]: remove };
}
