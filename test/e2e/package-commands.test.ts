import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackedPackage, packPackage } from '../support/packed-package.ts';

describe('npx ml-inference-api, from the packed tarball', { timeout: 120_000 }, () => {
  let packed: PackedPackage;
  beforeAll(async () => {
    packed = await packPackage();
    await cp('models', path.join(packed.project, 'models'), { recursive: true });
    await cp(
      'test/fixtures/models/onnx-two-heads/1/model.onnx',
      path.join(packed.project, 'heads.onnx'),
    );
  }, 120_000);
  afterAll(() => packed.remove());

  const file = (name: string): string => path.join(packed.project, name);
  const write = (name: string, content: string): Promise<void> => writeFile(file(name), content);

  it('suggests the near command for an unknown one', async () => {
    expect(await packed.npx('predct')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Did you mean "predict"?') as string,
    });
    expect(await packed.npx('inti', 'heads.onnx')).toMatchObject({
      stderr: expect.stringContaining('Did you mean "init"?') as string,
    });
  });

  it('makes a model out of a file, in the current folder or below --models', async () => {
    const here = await packed.npx('init', 'heads.onnx');
    expect(here).toMatchObject({ status: 0, stdout: 'heads/model.yaml\nheads/1\n' });
    expect((await stat(file('heads/1/model.onnx'))).isFile()).toBe(true);
    const yaml = await readFile(file('heads/model.yaml'), 'utf8');
    expect(yaml).toMatch(/^# yaml-language-server: \$schema=.*model\.schema\.json$/m);
    const there = await packed.npx('init', 'heads.onnx', '--models', 'models', '--name', 'two');
    expect(there.stdout).toBe('models/two/model.yaml\nmodels/two/1\n');
    expect((await packed.npx('validate', 'two')).status).toBe(0);
    expect((await packed.npx('init', 'heads.onnx')).stderr).toContain('exists already');
  });

  it.each([
    ['notes.txt', 'x', 'is not a model that can be served'],
    ['empty.onnx', '', 'is not a model that can be served'],
    ['text.onnx', 'not a model', 'is not a model that can be served'],
    ['bert.pt', 'x', 'torch.onnx.export'],
    ['model.json', '{', 'is not JSON'],
  ])('leaves nothing of %s, which is no model', async (name, content, message) => {
    await write(name, content);
    const { status, stderr } = await packed.npx('init', name, '--name', 'nothing');
    expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, lines: 1 });
    expect(stderr).toContain(message);
    await expect(stat(file('nothing'))).rejects.toThrow('ENOENT');
  });

  it('says all that loading would say, and exits with it', async () => {
    const good = await packed.npx('validate', 'penguins', '--json');
    expect(good.status).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({ name: 'penguins', valid: true, problems: [] });
    await cp(file('models/penguins'), file('models/spoilt'), { recursive: true });
    await write('models/spoilt/model.yaml', 'input: { kind: sound }\n');
    const bad = await packed.npx('validate', 'spoilt');
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(/^error: model\.yaml, input.*text/m);
  });

  it('predicts from an argument, a file and standard input', async () => {
    const argument = await packed.npx('predict', 'banking77', 'Where is my card?');
    expect(argument.stdout).toMatch(/^card_arrival /);
    const image = await packed.npx('predict', 'digits', '@models/digits/examples/five.png');
    expect(image.stdout).toMatch(/^5 /);
    const input = await packed.shell("printf 'Where is my card?' | $CLI predict banking77 -");
    expect(input.stdout).toMatch(/^card_arrival /);
  });

  it('predicts in bulk, in order, with a progress bar for people', async () => {
    await write('rows.csv', 'island,body_mass_g\nBiscoe,5100\nDream,\nAtlantis,3000\n');
    const bulk = await packed.npx('predict', 'penguins', '--batch', 'rows.csv');
    expect(bulk.status).toBe(1);
    expect(bulk.stderr).toBe('');
    const rows = bulk.stdout.trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row) as object)).toMatchObject([
      { prediction: 'Gentoo' },
      { prediction: expect.any(String) as string },
      { error: { code: 'BAD_USER_INPUT' } },
    ]);
    await write('lines.txt', 'Where is my card?\n'.repeat(600));
    const terminal = "script -qec 'npx --no-install ml-inference-api predict banking77 --batch";
    const shown = await packed.shell(`${terminal} lines.txt > out.jsonl' /dev/null`);
    expect(shown.stdout).toContain('100 % · 600 predictions');
    const lines = (await readFile(file('out.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(600);
    const piped = await packed.shell("printf 'a\\nb\\n' | $CLI predict banking77 --batch -");
    expect(piped.stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('measures batch sizes side by side', async () => {
    const options = ['--seconds', '0.2', '--batch-sizes', '1,8'];
    const table = await packed.npx('bench', 'penguins', ...options);
    const [head, ...rows] = table.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^BATCH +RUNS +P50 +P95 +PREDICTIONS\/S$/);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(['1', '8']);
    const { stdout } = await packed.npx('bench', 'penguins', ...options, '--json');
    for (const row of JSON.parse(stdout) as readonly Record<string, number>[]) {
      expect(row.p50_ms).toBeGreaterThan(0);
      expect(row.p95_ms).toBeGreaterThanOrEqual(row.p50_ms ?? 0);
    }
  });

  it('completes commands and their options in bash', async () => {
    const complete = (words: string, at: number): Promise<{ stdout: string }> =>
      packed.shell(
        `source <($CLI completion bash); COMP_WORDS=(ml-inference-api ${words}); COMP_CWORD=${at}; ` +
          '_ml_inference_api; echo "${COMPREPLY[@]}"',
      );
    expect((await complete('va', 1)).stdout.trim()).toBe('validate');
    expect((await complete('bench --b', 2)).stdout.trim()).toBe('--batch-sizes');
    expect((await complete('keys re', 2)).stdout.trim()).toBe('revoke');
    expect((await complete('keys create --sc', 3)).stdout.trim()).toBe('--scopes');
    expect((await complete('predict peng', 2)).stdout.trim()).toBe('penguins');
    for (const shell of ['zsh', 'fish']) {
      expect((await packed.npx('completion', shell)).stdout).toContain('validate');
    }
    expect((await packed.npx('completion', 'tcsh')).status).toBe(1);
  });
});
