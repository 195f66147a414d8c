import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_DRAIN } from '../support/no-drain.ts';
import { makeTinyModels, type TinyModels } from './browser/tiny-models.ts';

const CLI = path.join(import.meta.dirname, '../../dist/cli.js');

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line to its end. */
function run(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], (_error, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}

describe('the command line', { timeout: 60_000 }, () => {
  let models: TinyModels;
  beforeAll(() => {
    models = makeTinyModels();
  });
  afterAll(() => models.remove());

  it.each([[], ['serve'], ['models'], ['predict'], ['schema']])(
    'explains itself: %s',
    async (...command) => {
      const { status, stdout } = await run(...command, '--help');
      expect(status).toBe(0);
      expect(stdout).toContain(`Usage: ml-inference-api ${command.join(' ')}`.trim());
    },
  );

  it('refuses what it does not know, and says where help is', async () => {
    const { status, stderr } = await run('predict', 'banking77');
    expect(status).toBe(1);
    expect(stderr).toContain("missing required argument 'input'");
    expect(stderr).toContain('--help');
  });

  it('lists models, valid or why not', async () => {
    const { status, stdout, stderr } = await run('models', '--dir', models.directory);
    expect(status).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^MODEL +VERSIONS +ENGINE +INPUT → OUTPUT +BATCHES +STATE$/);
    expect(lines[1]).toMatch(
      /^banking77 \(default\) .* text → classification +yes, verified +valid, loaded in/,
    );
    expect(lines[2]).toMatch(/^broken .* invalid: /);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toContain('banking77: ready\n');
    expect(stderr).toContain('broken: failed\n');
    expect(stderr).not.toContain('\u001b');
  });

  it('lists models as JSON', async () => {
    const { stdout } = await run('models', '--dir', models.directory, '--json');
    const list = JSON.parse(stdout) as { name: string; valid: boolean; reason: string | null }[];
    expect(list.find(({ name }) => name === 'sums')).toMatchObject({ valid: true, reason: null });
    expect(list.find(({ name }) => name === 'broken')).toMatchObject({
      valid: false,
      reason: expect.any(String) as string,
    });
  });

  it('says that a folder cannot be read', async () => {
    const { status, stdout, stderr } = await run('models', '--dir', 'no-such-folder');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe('There is no no-such-folder.\n');
  });

  it('predicts a text, loading that model alone', async () => {
    const { status, stdout, stderr } = await run('predict', 'banking77', 'Where is my card?');
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^card_arrival +\d\d\.\d%$/);
  });

  it('predicts what a file holds, and prints JSON', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'input-'));
    const file = path.join(folder, 'input.json');
    writeFileSync(
      file,
      JSON.stringify([{ name: 'input', datatype: 'FP32', shape: [1, 3], data: [1, 2, 39.5] }]),
    );
    const { stdout } = await run(
      ...['predict', 'sums', `@${file}`, '--models', models.directory, '--json'],
    );
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout)).toMatchObject({
      prediction: [42.5],
      outputs: [{ datatype: 'FP32', shape: [1, 1], data: [42.5] }],
      model: 'sums',
      version: '1',
    });
  });

  it.each([
    [['nobody', 'x'], /^MODEL_NOT_FOUND: There is no model "nobody"; served: "banking77",/],
    [['broken', 'x'], /^broken cannot be used: /],
    [['banking77', ''], /^BAD_USER_INPUT: text must not be empty/],
    [['sums', '{'], /^The input is not a JSON list of tensors, .*: it is no JSON\.$/],
    [['sums', '@nowhere.json'], /^There is no nowhere\.json\.$/],
  ])('says in one line why predict %j failed', async (args, message) => {
    const { status, stdout, stderr } = await run('predict', ...args, '--models', models.directory);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('prints the schema, with the fields of models where they are given', async () => {
    const plain = await run('schema');
    expect(buildSchema(plain.stdout).getQueryType()?.getFields()).not.toHaveProperty('banking77');
    const typed = await run('schema', '--models', models.directory);
    expect(buildSchema(typed.stdout).getQueryType()?.getFields()).toHaveProperty('banking77');
  });

  it('serves', async () => {
    const server: ChildProcess = spawn(
      process.execPath,
      [CLI, 'serve', '--port', '0', '--host', '127.0.0.1', '--models', models.directory],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, LOG_LEVEL: 'info', ...NO_DRAIN },
      },
    );
    let log = '';
    while (!log.includes('"msg":"ready"')) {
      const [chunk] = (await once(server.stdout!, 'data')) as [Buffer];
      log += chunk.toString();
    }
    server.stdout?.resume();
    const [, port] = /"port":(\d+)/.exec(log) ?? [];
    const response = await fetch(`http://127.0.0.1:${port}/livez`);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    server.kill('SIGTERM');
    const [status] = (await once(server, 'exit')) as [number];
    expect(status).toBe(0);
  });
});
