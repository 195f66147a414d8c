import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How a command ended, and what it wrote. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The package as `npm pack` makes it, in the project of somebody who has installed it. */
export interface PackedPackage {
  /** The project, which is empty but for its dependencies. */
  readonly project: string;
  /** Folder of the installed package. */
  readonly installed: string;
  /** Paths of the files of the package. */
  readonly files: readonly string[];
  /** Runs `npx ml-inference-api ARGS` in the project. */
  npx(...args: readonly string[]): Promise<Outcome>;
  /** Runs a line of a shell in the project; `npx ml-inference-api` is there as `$CLI`. */
  shell(line: string): Promise<Outcome>;
  remove(): Promise<void>;
}

/** Packs the package and installs it; its dependencies are those of this repository. */
export async function packPackage(): Promise<PackedPackage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'packed-'));
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { maxBuffer: 64 * 2 ** 20 },
  );
  const [{ filename, files }] = JSON.parse(stdout) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  const project = path.join(folder, 'project');
  const modules = path.join(project, 'node_modules');
  const installed = path.join(modules, 'ml-inference-api');
  await mkdir(path.join(modules, '.bin'), { recursive: true });
  await run('tar', ['xzf', path.join(folder, filename), '-C', modules]);
  await run('mv', [path.join(modules, 'package'), installed]);
  await run('chmod', ['+x', path.join(installed, 'dist/cli.js')]);
  await symlink(path.resolve('node_modules'), path.join(installed, 'node_modules'));
  await symlink('../ml-inference-api/dist/cli.js', path.join(modules, '.bin/ml-inference-api'));

  const execute = async (command: string, args: readonly string[]): Promise<Outcome> => {
    const env = { ...process.env, CLI: 'npx --no-install ml-inference-api', MODELS_DIR: undefined };
    try {
      const done = await run(command, args, { cwd: project, env });
      return { status: 0, ...done };
    } catch (thrown) {
      const { code, stdout: out, stderr } = thrown as Outcome & { readonly code: number };
      return { status: code, stdout: out, stderr };
    }
  };
  return {
    project,
    installed,
    files: files.map((file) => file.path),
    npx: (...args) => execute('npx', ['--no-install', 'ml-inference-api', ...args]),
    shell: (line) => execute('bash', ['-c', line]),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
