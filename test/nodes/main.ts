import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fetchNode } from './fetch-node.ts';
import { CORE, END_TO_END, NODES } from './versions.ts';

/**
 * `npm run test:nodes`: the end-to-end tests on every supported version of Node beside the one that
 * is installed, which `npm test` runs on. Words after `--` choose: major numbers of Node, test files,
 * or `core` for the tests that CI has time for. Each version leaves `coverage/node-MAJOR.json`.
 */

const words = process.argv.slice(2);
const chosen = words.filter((word) => word in NODES);
const unknown = words.filter((word) => /^\d+$/.test(word) && !(word in NODES));
if (unknown.length > 0) {
  const known = Object.keys(NODES).join(', ');
  console.error(`Node ${unknown.join(', ')} is not among those that are supported: ${known}`);
  process.exit(2);
}
const files = words.filter((word) => !/^\d+$/.test(word)).flatMap(testsOf);
const [installed = ''] = process.versions.node.split('.');

execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
const folder = await mkdtemp(path.join(os.tmpdir(), 'nodes-'));
try {
  for (const [major, version] of Object.entries(NODES)) {
    if (chosen.length > 0 ? !chosen.includes(major) : major === installed) continue;
    const bin = await fetchNode(version, folder);
    const started = performance.now();
    const status = await runTests(bin, major);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`Node ${version}: ${status === 0 ? 'passed' : 'failed'} after ${seconds} s`);
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function testsOf(word: string): readonly string[] {
  return word === 'core' ? CORE : [word];
}

/** Runs the tests with everything that they start, npm too, on the Node of a folder. */
async function runTests(bin: string, major: string): Promise<number> {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...(files.length > 0 ? files : END_TO_END),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=coverage/node-${major}.json`,
  ];
  const child = spawn(path.join(bin, 'node'), args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
