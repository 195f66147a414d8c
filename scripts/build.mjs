/**
 * Builds dist/: the server, its worker and the command line with esbuild, bundled by entry with
 * packages left outside, and the web console with Vite. `--if-stale` builds only when a source is
 * newer than the last build.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.built');
const sources = ['src', 'schema', 'client', 'console', 'scripts/build.mjs', 'package.json'];

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

/** The server, its worker and the command line as [file in dist/, content]. */
async function buildServer() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/main.ts',
      'worker-entry': 'src/runtimes/worker-entry.ts',
      ...(existsSync(path.join(root, 'src/cli.ts')) && { cli: 'src/cli.ts' }),
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
    write: false,
  });
  return outputFiles.map((file) => [path.relative(dist, file.path), file.contents]);
}

/** The web console as [file in dist/, content]; none where Vite is not installed. */
async function buildConsole() {
  let vite;
  try {
    vite = await import('vite');
  } catch {
    process.stderr.write('Vite is not installed (npm ci --omit=dev?): no web console is built\n');
    return [];
  }
  const { output } = await vite.build({
    configFile: path.join(root, 'console', 'vite.config.ts'),
    logLevel: 'warn',
    build: { write: false },
  });
  return output.map((file) => [
    path.join('console', file.fileName),
    file.type === 'chunk' ? file.code : file.source,
  ]);
}

/** The small client as [file in dist/, content]: one file for browsers and Node, and its types. */
async function buildClient() {
  const entry = path.join(root, 'client', 'index.ts');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
    write: false,
  });
  const { default: ts } = await import('typescript');
  const { outputText } = ts.transpileDeclaration(readFileSync(entry, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return [
    ['client.js', outputFiles[0].contents],
    ['client.d.ts', outputText],
  ];
}

/** An image on a CDN inside of ReDoc's bundle; an empty one takes its place. */
const REDOC_LOGO = /https:\/\/cdn\.redoc\.ly\/[\w./-]+/g;
const EMPTY_IMAGE = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

/** Files of GraphiQL, Swagger UI and ReDoc as [file in dist/, content]: no package of theirs is needed to run. */
async function copyVendor() {
  const read = (name) => readFileSync(require.resolve(name));
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  return [
    ['vendor/graphiql/graphiql.js', graphiql.js],
    ['vendor/graphiql/graphiql.css', graphiql.css],
    ['vendor/graphiql/editorWorkerService.worker.js', graphiql.editorWorkerService],
    ['vendor/graphiql/json.worker.js', graphiql.jsonWorker],
    ['vendor/graphiql/graphql.worker.js', graphiql.graphqlWorker],
    ['vendor/swagger-ui.css', read('swagger-ui-dist/swagger-ui.css')],
    ['vendor/swagger-ui-bundle.js', read('swagger-ui-dist/swagger-ui-bundle.js')],
    ['vendor/favicon-32x32.png', read('swagger-ui-dist/favicon-32x32.png')],
    [
      'vendor/redoc.standalone.js',
      read('redoc/bundles/redoc.standalone.js').toString('utf8').replace(REDOC_LOGO, EMPTY_IMAGE),
    ],
  ];
}

/** Writes beside and renames, so that who reads during a build gets the old file or the new one. */
function writeWhole(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}

/** Removes what no build has made; what is half written belongs to a build beside this one. */
function removeOthers(folder, kept) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    // The guide is built by another command.
    if (file === path.join(dist, 'guide')) continue;
    if (entry.isDirectory()) removeOthers(file, kept);
    else if (!kept.has(file) && !/\.\d+$/.test(entry.name)) rmSync(file, { force: true });
  }
}

if (!process.argv.includes('--if-stale') || !isFresh()) {
  const started = Date.now();
  const files = [
    ...(await buildConsole()),
    ...(await buildServer()),
    ...(await buildClient()),
    ...(await copyVendor()),
  ];
  for (const [name, content] of files) writeWhole(path.join(dist, name), content);
  if (files.some(([name]) => name === 'cli.js')) chmodSync(path.join(dist, 'cli.js'), 0o755);
  removeOthers(dist, new Set([stamp, ...files.map(([name]) => path.join(dist, name))]));
  writeWhole(stamp, '');
  // What changed during the build is not in it.
  utimesSync(stamp, new Date(started), new Date(started));
  process.stderr.write(`built dist/ in ${Date.now() - started} ms\n`);
}
