import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODES } from '../nodes/versions.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const TESTS = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.join('test', file));
const MAJORS = Object.keys(NODES);

describe('the versions of Node', () => {
  const [last = '', ...others] = [...MAJORS].reverse();
  const list = `Node ${others.reverse().join(', ')} or ${last}`;

  it.each(['README.md', 'CONTRIBUTING.md', 'docs/quickstart.md'])('are those of %s', (file) => {
    expect(read(file).replaceAll(/\s+/g, ' ')).toContain(list);
  });

  it('are those of package.json, with each release that tests run on', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const ranges = engines.node.split(' || ').map((range) => /^(?:\^|>=)(\d+)\.(\d+)/.exec(range));
    expect(ranges.map((range) => range?.[1])).toEqual(MAJORS);
    for (const range of ranges) {
      const tested = Object.values(NODES).find((version) => version.startsWith(`${range?.[1]}.`));
      expect(Number(tested?.split('.')[1])).toBeGreaterThanOrEqual(Number(range?.[2]));
    }
  });

  it('have the one of the image among them, in all of its stages', () => {
    const images = [...read('Dockerfile').matchAll(/^FROM node:(\d+)-/gm)].map(([, tag]) => tag);
    expect(new Set(images).size).toBe(1);
    expect(MAJORS).toContain(images[0]);
  });
});

describe('what the tests start', () => {
  const [, list = ''] = /^packages=\(([\s\S]*?)^\)$/m.exec(read('.ci/run')) ?? [];
  const installed = list.trim().split(/\s+/);

  it('is installed by CI, and by the command of CONTRIBUTING.md', () => {
    const [, command = ''] =
      /^apt-get install ((?:.*\\\n)*.*)$/m.exec(read('CONTRIBUTING.md')) ?? [];
    expect(command.replaceAll('\\\n', ' ').split(/\s+/).toSorted()).toEqual(installed.toSorted());
  });

  it('is installed by CI wherever a test names a package that it lacks', () => {
    const hints = TESTS.flatMap((file) => [
      ...read(file).matchAll(/apt-get install ([a-z0-9. -]+)/g),
    ]).flatMap(([, names = '']) => names.trim().split(' '));
    expect(hints.length).toBeGreaterThan(3);
    expect(hints.filter((name) => !installed.includes(name))).toEqual([]);
  });

  it('is never installed by the tests', () => {
    const installers = TESTS.filter((file) =>
      /(?:exec|spawn|run)\w*\(\s*'(?:apt-get|apt|brew|sudo)'/.test(read(file)),
    );
    expect(installers).toEqual([]);
  });
});
