import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const CLI = path.join(import.meta.dirname, '../../dist/cli.js');

/** A line of a recorded file. */
interface Line {
  readonly id: string;
  readonly time: string;
  readonly model: string;
  readonly version: string;
  readonly cached?: boolean;
  readonly input?: {
    readonly text?: string;
    readonly image?: string;
    readonly features?: Readonly<Record<string, unknown>>;
  };
  readonly redacted?: readonly string[];
  readonly prediction?: unknown;
  readonly confidence?: number;
  readonly outputs?: Readonly<Record<string, readonly number[]>>;
  readonly actual?: unknown;
  readonly correct?: boolean;
}

const penguin = (i: number) => ({
  features: {
    island: ['Biscoe', 'Dream', 'Torgersen'][i % 3],
    bill_length_mm: 35 + (i % 20),
    bill_depth_mm: 14 + (i % 7),
    flipper_length_mm: 180 + (i % 45),
    body_mass_g: 3000 + i,
    sex: i % 2 ? 'male' : 'female',
  },
});

describe('the record of predictions', () => {
  let models: ModelsFolder;
  let state: string;
  let server: RunningApp | undefined;
  beforeEach(async () => {
    models = await makeModelsFolder();
    state = await mkdtemp(path.join(os.tmpdir(), 'capture-'));
    await models.add('penguins');
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await models.remove();
    await rm(state, { recursive: true, force: true });
  });

  const start = async (settings: Parameters<typeof runApp>[0] = {}) => {
    server = await runApp({ modelsDir: models.root, stateDir: state, capture: true, ...settings });
    return server;
  };
  const filesOf = async (model: string) =>
    (await readdir(path.join(state, 'capture', model))).sort();
  /** Stops the server, which writes what waits, and reads all lines of a model. */
  const linesOf = async (model: string): Promise<Line[]> => {
    await server?.stop();
    server = undefined;
    const lines: Line[] = [];
    for (const file of await filesOf(model)) {
      const text = await readFile(path.join(state, 'capture', model, file), 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      for (const line of text.trimEnd().split('\n')) lines.push(JSON.parse(line) as Line);
    }
    return lines;
  };
  const metric = async (name: string): Promise<number> => {
    const { text } = await server!.get('/metrics/prometheus');
    const line = text.split('\n').find((each) => each.startsWith(`ml_inference_capture_${name}`));
    return Number(line?.split(' ').at(-1) ?? NaN);
  };
  const batch = (inputs: readonly object[], model = 'penguins') =>
    server!.post('/predict/batch', { model, inputs });

  it('is off unless asked for: nothing is written, nothing is counted', async () => {
    await models.configure('penguins', { capture: { inputs: true } });
    const app = await start({ capture: false });
    await app.post('/predict', { model: 'penguins', input: penguin(1) });
    expect((await app.get('/metrics/prometheus')).text).not.toContain('ml_inference_capture');
    await app.stop();
    expect(await readdir(state)).not.toContain('capture');
  });

  it('holds every prediction, cached or not, of every API, but no input unless model.yaml allows it', async () => {
    const app = await start();
    await app.post('/predict', { model: 'penguins', input: penguin(1) });
    await app.post('/predict', { model: 'penguins', input: penguin(1) });
    await batch([penguin(2), penguin(3)]);
    const { data } = await app.graphql<{ predict: { id: string } }>(
      'mutation ($input: ModelInput!) { predict(input: $input, model: "penguins") { id prediction } }',
      { input: penguin(4) },
    );
    const { id } = data.predict;
    const outcome = await app.post('/outcomes', { prediction_id: id, actual: 'Chinstrap' });
    expect(outcome.status).toBe(200);
    const lines = await linesOf('penguins');
    const predictions = lines.filter(({ prediction }) => prediction !== undefined);
    expect(predictions.map(({ cached }) => cached)).toEqual([false, true, false, false, false]);
    expect(predictions[0]).toMatchObject({
      model: 'penguins',
      version: '1',
      prediction: expect.stringMatching(/^(?:Adelie|Chinstrap|Gentoo)$/) as string,
      confidence: expect.any(Number) as number,
      outputs: { logits: [expect.any(Number), expect.any(Number), expect.any(Number)] },
    });
    expect(JSON.stringify(lines)).not.toContain('body_mass_g');
    expect(predictions.at(-1)?.id).toBe(id);
    expect(lines.at(-1)).toMatchObject({
      id,
      actual: 'Chinstrap',
      correct: expect.any(Boolean) as boolean,
    });
    const [file = ''] = await filesOf('penguins');
    const { mode } = await stat(path.join(state, 'capture', 'penguins', file));
    expect(mode & 0o777).toBe(0o600);
  });

  it('holds inputs where model.yaml allows them, without what is redacted', async () => {
    await models.configure('penguins', {
      capture: { inputs: true, redact: { columns: ['sex', 'island'] } },
    });
    await models.add('banking77');
    await models.configure('banking77', { capture: { inputs: true } });
    await models.add('digits');
    await models.configure('digits', { capture: { inputs: true } });
    const app = await start();
    await batch([penguin(5)]);
    await app.post('/predict', {
      model: 'banking77',
      input:
        'My card 4111 1111-1111 1111 of ann.lee+x@mail.example.org has 3 problems, call ٠٦٦٠١٢٣٤',
    });
    const png = await readFile('models/digits/examples/three.png');
    await app.post('/predict', { model: 'digits', input: { image: png.toString('base64') } });
    const [row] = await linesOf('penguins');
    expect(row?.redacted).toEqual(['sex', 'island']);
    expect(Object.keys(row?.input?.features ?? {})).toEqual([
      'bill_length_mm',
      'bill_depth_mm',
      'flipper_length_mm',
      'body_mass_g',
    ]);
    const [question] = await linesOf('banking77');
    expect(question?.input?.text).toBe('My card <number> of <email> has 3 problems, call <number>');
    const [digit] = await linesOf('digits');
    expect(digit?.input?.image).toBe(png.toString('base64'));
  });

  it('takes a change of model.yaml at once, and leaves out models that are not to be recorded', async () => {
    await models.configure('penguins', { capture: { inputs: true } });
    await start();
    await batch([penguin(1)]);
    await models.configure('penguins', { capture: { inputs: false } });
    await server!.post('/models/reload', { model: 'penguins' });
    await batch([penguin(2)]);
    await models.configure('penguins', { capture: { enabled: false } });
    await server!.post('/models/reload', { model: 'penguins' });
    await batch([penguin(3)]);
    const lines = await linesOf('penguins');
    expect(lines.map(({ input }) => input !== undefined)).toEqual([true, false]);
  });

  it('is a sample where one is asked for', async () => {
    await models.configure('penguins', { capture: { sampleRate: 0.25 } });
    await start();
    for (let part = 0; part < 4; part++) {
      await batch(Array.from({ length: 500 }, (_, i) => penguin(part * 500 + i)));
    }
    const { length } = await linesOf('penguins');
    // 2,000 draws of a quarter: 500, give or take 19; six of those either way.
    expect(length).toBeGreaterThan(380);
    expect(length).toBeLessThan(620);
  });

  it('starts new files by size, and deletes the oldest beyond the bound, those of earlier starts too', async () => {
    const bounds = { captureFileBytes: 8_000, captureMaxBytes: 40_000 };
    for (let run = 0; run < 2; run++) {
      await start(bounds);
      for (let part = 0; part < 10; part++) {
        const written = (part + 1) * 30;
        await batch(Array.from({ length: 30 }, (_, i) => penguin(run * 1000 + part * 30 + i)));
        await vi.waitFor(async () => expect(await metric('records_total')).toBe(written));
        expect(await metric('disk_bytes')).toBeLessThanOrEqual(40_000);
      }
      const lines = await linesOf('penguins');
      expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
      const sizes = await Promise.all(
        (await filesOf('penguins')).map(
          async (file) => (await stat(path.join(state, 'capture', 'penguins', file))).size,
        ),
      );
      const sum = sizes.reduce((all, size) => all + size, 0);
      expect(sum).toBeLessThanOrEqual(40_000);
      expect(sum).toBeGreaterThan(20_000);
      expect(sizes.length).toBeGreaterThan(3);
    }
  });

  it('starts new files by age', async () => {
    await start({ captureFileSeconds: 0.001 });
    for (let part = 1; part <= 3; part++) {
      await batch([penguin(part)]);
      await vi.waitFor(async () => expect(await metric('records_total')).toBe(part));
    }
    expect(await filesOf('penguins')).toHaveLength(3);
  });

  it('drops and counts what its buffer cannot hold, and every prediction is answered', async () => {
    await start({ captureBufferBytes: 10_000 });
    const { body } = await batch(Array.from({ length: 1000 }, (_, i) => penguin(i)));
    expect(body.results.filter((result) => 'error' in result)).toEqual([]);
    const dropped = await metric('dropped_total{reason="buffer_full"}');
    expect(dropped).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await metric('buffer_bytes')).toBe(0));
    expect((await metric('records_total')) + dropped).toBe(1000);
  });

  it('costs no answer while its folder cannot be written, says so once, and goes on afterwards', async () => {
    const folder = path.join(state, 'capture');
    await writeFile(folder, 'a file where the folder should be');
    await start();
    for (let i = 0; i < 5; i++) {
      const { status } = await server!.post('/predict', { model: 'penguins', input: penguin(i) });
      expect(status).toBe(200);
    }
    await vi.waitFor(async () =>
      expect(await metric('dropped_total{reason="write_failed"}')).toBe(5),
    );
    expect((await server!.get('/health')).body.status).toBe('healthy');
    await rm(folder);
    await vi.waitFor(
      async () => {
        await server!.post('/predict', { model: 'penguins', input: penguin(6) });
        expect(await metric('records_total')).toBeGreaterThan(0);
      },
      { timeout: 10_000, interval: 300 },
    );
    expect((await linesOf('penguins')).length).toBeGreaterThan(0);
  });

  const profile = (...args: readonly string[]) =>
    new Promise<{ stdout: string; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [CLI, 'profile', 'penguins', '--models', models.root, ...args],
        (_error, stdout, stderr) => resolve({ stdout, stderr }),
      );
    });
  const read = async (file: string) =>
    JSON.parse(await readFile(file, 'utf8')) as {
      rows: number;
      accuracy?: { rows: number };
      features: { name: string; counts: number[] }[];
    };

  it('makes the next reference, its outcomes joined by id', { timeout: 60_000 }, async () => {
    await models.configure('penguins', { capture: { inputs: true, redact: { columns: ['sex'] } } });
    const app = await start({ captureFileBytes: 20_000 });
    await batch(Array.from({ length: 200 }, (_, i) => penguin(i)));
    for (let i = 0; i < 60; i++) {
      const { data } = await app.graphql<{ predict: { id: string; prediction: string } }>(
        'mutation ($input: ModelInput!) { predict(input: $input, model: "penguins") { id prediction } }',
        { input: penguin(i) },
      );
      const { id, prediction } = data.predict;
      const actual = i % 4 === 0 ? 'Gentoo' : prediction;
      await app.post('/outcomes', { prediction_id: id, actual });
    }
    await linesOf('penguins');
    const out = path.join(state, 'profile.json');
    const { stdout, stderr } = await profile(
      '--data',
      path.join(state, 'capture', 'penguins'),
      '--out',
      out,
    );
    expect(stderr + stdout).toContain('260 rows');
    const made = await read(out);
    expect(made).toMatchObject({ rows: 260, accuracy: { rows: 60 } });
    const names = made.features.map(({ name }) => name);
    expect(names).toContain('body_mass_g');
    expect(names).toContain('prediction.label');
    expect(names).not.toContain('sex');
  });

  it(
    'makes a reference of predictions alone where inputs were not recorded',
    { timeout: 60_000 },
    async () => {
      await start();
      await batch(Array.from({ length: 100 }, (_, i) => penguin(i)));
      await linesOf('penguins');
      const out = path.join(state, 'profile.json');
      await profile('--data', path.join(state, 'capture', 'penguins'), '--out', out);
      const { rows, features } = await read(out);
      expect(rows).toBe(100);
      expect(features.map(({ name }) => name)).toEqual([
        'prediction.label',
        'prediction.confidence',
        'prediction.entropy',
      ]);
    },
  );
});
