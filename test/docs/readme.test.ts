import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApp, type RunningApp } from '../support/running-app.ts';

const run = promisify(execFile);

interface Example {
  readonly code: string;
  readonly answer: unknown;
}

/** The block after `<!-- example:NAME -->` and the answer that the README shows for it. */
async function exampleOf(name: string): Promise<Example> {
  const text = await readFile('README.md', 'utf8');
  const match = new RegExp(
    `<!-- example:${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\`\`\`\\s*\`\`\`json\\n([\\s\\S]*?)\`\`\``,
  ).exec(text);
  if (!match?.[1] || !match[2]) throw new Error(`README.md has no example "${name}"`);
  return { code: match[1], answer: JSON.parse(match[2]) };
}

/**
 * Times, counts and ids vary from run to run: what must agree is everything else, and their types.
 * A confidence agrees to two digits.
 */
function shapeOf(value: unknown, key = ''): unknown {
  if (typeof value === 'number') return key === 'confidence' ? value.toFixed(2) : 'number';
  if (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value)) return 'uuid';
  if (Array.isArray(value)) return value.map((part) => shapeOf(part, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, shapeOf(part, name)]),
    );
  }
  return value;
}

describe('the examples of the README give what it says', () => {
  let server: RunningApp;
  let folder: string;
  beforeAll(async () => {
    server = await runApp();
    folder = await mkdtemp(path.join(os.tmpdir(), 'readme-'));
    await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const local = (code: string) => code.replaceAll('localhost:8000', `127.0.0.1:${server.port}`);

  it.each(['rest', 'graphql', 'typed'])('%s', async (name) => {
    const { code, answer } = await exampleOf(name);
    const { stdout } = await run('bash', ['-c', local(code)]);
    expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(answer));
  });

  it('websocket', async () => {
    const { code, answer } = await exampleOf('websocket');
    const file = path.join(folder, 'example.mjs');
    await writeFile(
      file,
      local(code)
        .replace('console.log(', 'console.log(JSON.stringify')
        .replace('data.metrics);', '(data.metrics));'),
    );
    const { stdout } = await run(process.execPath, [file]);
    expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(answer));
  });
});
