import { execFileSync } from 'node:child_process';

/** Builds what worker threads run: plain Node cannot load TypeScript threads. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
}
