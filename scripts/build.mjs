/**
 * Builds dist/ with esbuild: the server, its worker and the command line, bundled by entry with
 * packages left outside. `--if-stale` builds only when a source is newer than the last build.
 */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const stamp = path.join(root, 'dist', '.built');
const sources = ['src', 'schema', 'scripts/build.mjs', 'package.json'];

/** Time of the newest change below a file or folder, in milliseconds. */
function newest(target) {
  const stats = statSync(target);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(
    stats.mtimeMs,
    ...readdirSync(target).map((name) => newest(path.join(target, name))),
  );
}

function isFresh() {
  try {
    const built = statSync(stamp).mtimeMs;
    return sources.every((source) => newest(path.join(root, source)) <= built);
  } catch {
    return false;
  }
}

if (!process.argv.includes('--if-stale') || !isFresh()) {
  const started = Date.now();
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/main.ts',
      'worker-entry': 'src/runtimes/worker-entry.ts',
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    metafile: true,
  });
  // Removed last, so that a server which runs from here never misses a file while it is rebuilt.
  const made = new Set(Object.keys(metafile.outputs).map((file) => path.basename(file)));
  for (const file of readdirSync(path.join(root, 'dist'))) {
    if (/\.js(\.map)?$/.test(file) && !made.has(file)) rmSync(path.join(root, 'dist', file));
  }
  writeFileSync(stamp, '');
  process.stderr.write(`built dist/ in ${Date.now() - started} ms\n`);
}
