import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';

/** A step of a Dockerfile. */
export interface Step {
  readonly instruction: string;
  readonly text: string;
}

/** A stage of a Dockerfile and what it ends in. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly steps: readonly Step[];
}

/** Reads a Dockerfile: lines joined, comments dropped. */
export function readStages(text: string): Stage[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const stages: { name: string; base: string; steps: Step[] }[] = [];
  for (const line of lines) {
    const [, instruction = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    const from = /^(\S+)(?: AS (\S+))?$/.exec(rest);
    if (instruction === 'FROM' && from) {
      stages.push({ name: from[2] ?? from[1] ?? '', base: from[1] ?? '', steps: [] });
    } else stages.at(-1)?.steps.push({ instruction, text: rest });
  }
  return stages;
}

/** Stages that a target is built of, in the order of the file. */
export function stagesOf(stages: readonly Stage[], target: string): Stage[] {
  const needed = new Set([target]);
  for (const stage of [...stages].reverse()) {
    if (!needed.has(stage.name)) continue;
    needed.add(stage.base);
    for (const { text } of stage.steps) {
      const from = /--from=(\S+)/.exec(text)?.[1];
      if (from !== undefined) needed.add(from);
    }
  }
  return stages.filter(({ name }) => needed.has(name));
}

/**
 * Does what an engine would do with the stages of a target, each in a folder of its own that stands
 * for its root. `npm ci` takes the packages that are at hand: hard links to them, and what it would
 * leave out is pruned.
 *
 * @returns the folder of the target
 */
export function buildImage(context: string, target: string, folder: string): string {
  const ignored = readFileSync(path.join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const isIgnored = (file: string) =>
    ignored.some((entry) => file === entry || file.startsWith(`${entry}/`));
  const stages = readStages(readFileSync(path.join(context, 'Dockerfile'), 'utf8'));
  for (const stage of stagesOf(stages, target)) {
    const root = path.join(folder, stage.name);
    let workdir = '/';
    mkdirSync(root, { recursive: true });
    for (const { instruction, text } of stage.steps) {
      if (instruction === 'WORKDIR') {
        workdir = path.posix.resolve(workdir, text);
        mkdirSync(path.join(root, workdir), { recursive: true });
      } else if (instruction === 'COPY') {
        copy(text, { context, folder, root, workdir, isIgnored });
      } else if (instruction === 'RUN') {
        run(text.replaceAll(/--mount=\S+ */g, ''), path.join(root, workdir), root, context);
      }
    }
  }
  return path.join(folder, target);
}

function copy(
  text: string,
  at: {
    context: string;
    folder: string;
    root: string;
    workdir: string;
    isIgnored: (file: string) => boolean;
  },
): void {
  const from = /--from=(\S+)/.exec(text)?.[1];
  const words = text
    .replaceAll(/--\S+ */g, '')
    .split(/\s+/)
    .filter(Boolean);
  const destination = words.pop() ?? '.';
  const source = from === undefined ? at.context : path.join(at.folder, from);
  for (const word of words) {
    const file = path.join(source, word);
    if (!existsSync(file)) throw new Error(`COPY: there is no ${word} in ${from ?? 'the context'}`);
    const isFolder = lstatSync(file).isDirectory();
    const intoFolder = destination.endsWith('/') || words.length > 1;
    const place = path.join(at.root, path.posix.resolve(at.workdir, destination));
    const to = !isFolder && intoFolder ? path.join(place, path.basename(word)) : place;
    mkdirSync(path.dirname(to), { recursive: true });
    if (word.includes('node_modules')) {
      // Moved, not copied: nothing else is made of that stage, and these are very many files.
      renameSync(file, to);
      continue;
    }
    cpSync(file, to, {
      recursive: true,
      filter: (each) => from !== undefined || !at.isIgnored(path.relative(at.context, each)),
    });
  }
}

function run(command: string, cwd: string, root: string, context: string): void {
  const install = /^npm ci( --omit=dev)?$/.exec(command);
  if (install) {
    const packages = path.join(context, 'node_modules');
    const place = path.join(cwd, 'node_modules');
    if (install[1] === undefined) {
      symlinkSync(path.resolve(packages), place);
      return;
    }
    execFileSync('cp', ['-al', packages, place]);
    // npm writes its list of what is installed in place: not into that of the context.
    const list = 'node_modules/.package-lock.json';
    const content = readFileSync(path.join(context, list));
    execFileSync('rm', [path.join(cwd, list)]);
    execFileSync('tee', [path.join(cwd, list)], {
      input: content,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    execFileSync(
      'npm',
      ['prune', '--omit=dev', '--ignore-scripts', '--offline', '--no-audit', '--no-fund'],
      { cwd, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return;
  }
  // Absolute paths of the image are those below its folder.
  const local = command.replaceAll(/(?<= )\/(?=var\/)/g, `${root}/`);
  execFileSync('sh', ['-ec', local], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Names of what is in a folder. */
export function listing(folder: string): string[] {
  return readdirSync(folder).sort();
}
