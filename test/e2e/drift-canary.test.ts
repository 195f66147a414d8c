import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

interface Drift {
  readonly state: string;
  readonly reason: string;
  readonly predictions: number;
  readonly columns: readonly string[];
  readonly reference: { readonly rows: number } | null;
}

interface Row {
  readonly body_mass_g: number | null;
}

const PENGUINS = readFileSync('test/fixtures/drift/penguins.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { input: { features: Row } }).input.features);

describe('a canary beside the version that serves', { timeout: 60_000 }, () => {
  let models: ModelsFolder;
  let state: string;
  let server: RunningApp;
  beforeAll(async () => {
    models = await makeModelsFolder();
    await models.add('penguins');
    const folder = path.join(models.root, 'penguins');
    // Its profile names version 1: the canary has none of its own.
    await cp(path.join(folder, '1'), path.join(folder, '2'), { recursive: true });
    await models.configure('penguins', {
      version: '1',
      versions: { serve: 'all', labels: { stable: '1', canary: '2' } },
    });
    state = await mkdtemp(path.join(os.tmpdir(), 'drift-canary-'));
    server = await runApp({ modelsDir: models.root, stateDir: state });
  });
  afterAll(async () => {
    await server.stop();
    await models.remove();
    await rm(state, { recursive: true, force: true });
  });

  const send = async (version: string, change: (row: Row) => Row = (row) => row) => {
    const inputs = Array.from({ length: 400 }, (_, i) => ({
      features: change(PENGUINS[(i * 7) % PENGUINS.length]!),
    }));
    const { body } = await server.post('/predict/batch', { model: 'penguins', version, inputs });
    expect(body.results.filter((result) => 'error' in result)).toEqual([]);
  };
  const compare = async (version = 'canary', against = 'stable') =>
    server.graphql<{ drift: Drift } | null>(
      `query ($version: String, $against: String) {
        drift(model: "penguins", version: $version, against: $against) {
          state reason predictions columns reference { rows }
        }
      }`,
      { version, against },
    );

  it('has not enough data, is alike, and is not, by what both get in the same window', async () => {
    expect((await compare()).data?.drift).toMatchObject({ state: 'NOT_ENOUGH_DATA' });
    await send('2');
    const alone = (await compare()).data?.drift;
    expect(alone).toMatchObject({ state: 'NOT_ENOUGH_DATA' });
    expect(alone?.reason).toBe('Compared with version 1: 0 predictions; at least 100 are needed.');
    await send('1');
    expect((await compare()).data?.drift).toMatchObject({
      state: 'NONE',
      predictions: 400,
      columns: [],
      reference: { rows: 400 },
    });
    await send('2', (row) => ({
      ...row,
      body_mass_g: row.body_mass_g === null ? null : row.body_mass_g / 1000,
    }));
    const changed = (await compare()).data?.drift;
    expect(changed?.state).toBe('DRIFT');
    expect(changed?.columns).toContain('body_mass_g');
    const rest = await server.get('/models/penguins/drift?version=2&against=1');
    expect(rest.body).toMatchObject({ state: 'DRIFT', reference: { source: 'live' } });
    // The version that serves gets what it always got.
    expect((await server.get('/models/penguins/drift')).body).toMatchObject({ state: 'NONE' });
  });

  it.each([
    ['1', '2'],
    ['1', '1'],
    ['2', '2'],
  ])('is the only one that is compared, and with nothing else: %s against %s', async (...pair) => {
    const { errors } = await compare(...pair);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(errors?.[0]?.message).toContain('the one that serves ("1")');
  });
});
