import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiKey } from '../../src/access/api-key.ts';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';
import { TEST_CALL } from '../support/test-call.ts';

const CLI = path.join(import.meta.dirname, '../../dist/cli.js');

interface Drift {
  readonly state: string;
  readonly reason: string;
  readonly predictions: number;
  readonly columns: readonly string[];
  readonly untested: readonly string[];
  readonly reference: { readonly source: string; readonly createdAt: string } | null;
  readonly features: readonly { readonly name: string; readonly state: string }[];
}

interface Feature {
  readonly name: string;
  readonly counts: readonly number[];
}

interface Profile {
  readonly createdAt: string;
  readonly features: readonly Feature[];
}

const DRIFT = `query ($window: DriftWindow) { drift(model: "penguins", window: $window) {
  state reason predictions columns untested reference { source createdAt } features { name state }
} }`;

const penguin = (i: number) => ({
  features: {
    island: ['Biscoe', 'Dream', 'Torgersen'][i % 3],
    bill_length_mm: 35 + (i % 20),
    bill_depth_mm: 14 + (i % 7),
    flipper_length_mm: 180 + (i % 45),
    body_mass_g: 3000 + ((i * 37) % 2500),
    sex: i % 2 ? 'male' : 'female',
  },
});

const driftOf = async (server: RunningApp, window = 'RECENT') =>
  (await server.graphql<{ drift: Drift }>(DRIFT, { window })).data.drift;

const predict = async (server: RunningApp, from: number, count: number, headers = {}) => {
  const inputs = Array.from({ length: count }, (_, i) => penguin(from + i));
  const answer = await server.post('/predict/batch', { model: 'penguins', inputs }, headers);
  expect(answer.body.results.filter((result) => 'error' in result)).toEqual([]);
  return answer;
};

describe('the reference of a version', () => {
  let models: ModelsFolder;
  let state: string;
  let shipped: Profile;
  let server: RunningApp | undefined;
  beforeAll(async () => {
    shipped = JSON.parse(await readFile('models/penguins/1/profile.json', 'utf8')) as Profile;
  });
  beforeEach(async () => {
    models = await makeModelsFolder();
    await models.add('penguins');
    state = await mkdtemp(path.join(os.tmpdir(), 'drift-profile-'));
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await models.remove();
    await rm(state, { recursive: true, force: true });
  });

  const file = () => path.join(models.root, 'penguins/1/profile.json');
  const start = async (settings: Parameters<typeof runApp>[0] = {}) => {
    server = await runApp({ modelsDir: models.root, stateDir: state, ...settings });
    return server;
  };
  const text = (change: object) => JSON.stringify({ ...shipped, ...change });
  const withFeature = (change: (feature: Feature) => object) =>
    text({ features: [change(shipped.features[0]!), ...shipped.features.slice(1)] });

  it.each<[string, () => string, RegExp]>([
    ['another version', () => text({ version: '2' }), /is of version "2" of model "penguins"/],
    ['another model', () => text({ model: 'puffins' }), /of model "puffins"/],
    ['another signature', () => text({ signature: '0'.repeat(32) }), /other inputs and outputs/],
    ['a later schema', () => text({ schemaVersion: 99 }), /schemaVersion 99; expected 1/],
    ['no schema', () => '{}', /schemaVersion none/],
    ['half of a file', () => text({}).slice(0, 1000), /not valid JSON/],
    ['nothing', () => '', /not valid JSON/],
    ['null', () => 'null', /schemaVersion/],
    ['NaN', () => text({}).replace(/"rows":\d+/, '"rows":NaN'), /not valid JSON/],
    [
      'numbers beyond all',
      () => withFeature((each) => ({ ...each, unseen: 'X' })).replace('"X"', '1e999'),
      /features/,
    ],
    [
      'negative counts',
      () => withFeature((each) => ({ ...each, counts: each.counts.map(() => -1) })),
      /counts/,
    ],
    [
      'too few counts',
      () => withFeature((each) => ({ ...each, counts: [1] })),
      /expected \d+ counts/,
    ],
    ['a feature of no kind', () => withFeature((each) => ({ ...each, kind: 'fuzzy' })), /features/],
    ['unknown keys', () => text({ sneaky: true }), /sneaky|Unrecognized/],
    [
      'endless depth',
      () => `{"schemaVersion":1,"features":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      /profile\.json/,
    ],
    ['20 MB', () => `${text({})}${' '.repeat(20 * 1024 * 1024)}`, /larger than 16777216 bytes/],
    [
      'a million features',
      () => text({ features: Array.from({ length: 1_000_000 }, () => 0) }),
      /features/,
    ],
  ])(
    'is not used where it holds %s: the reason is told, the model serves',
    async (_what, content, reason) => {
      await writeFile(file(), content());
      const app = await start();
      await predict(app, 0, 150);
      const drift = await driftOf(app);
      expect(drift).toMatchObject({ state: 'NOT_ENOUGH_DATA', reference: null });
      expect(drift.reason).toMatch(reason);
      expect(drift.reason).not.toContain(models.root);
      expect((await app.get('/health')).body.status).toBe('healthy');
    },
  );

  it('spoils no prototype', async () => {
    const hostile = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},';
    await writeFile(file(), text({}).replace('{', `{${hostile}`));
    const app = await start();
    await predict(app, 0, 150);
    await driftOf(app);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('may have categories and features of any name', async () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const island = shipped.features.find(({ name }) => name === 'island')!;
    const strange = { ...island, categories: names };
    const ghost = { ...island, name: '__proto__' };
    const others = shipped.features.filter(({ name }) => name !== 'island');
    await writeFile(file(), text({ features: [...others, strange, ghost] }));
    const app = await start();
    await predict(app, 0, 150);
    const { features, columns } = await driftOf(app);
    expect(columns).toContain('island');
    expect(features.find(({ name }) => name === '__proto__')?.state).toBe('NOT_ENOUGH_DATA');
  });

  it('says which features it never had, and judges the others', async () => {
    const features = shipped.features.filter(({ name }) => name !== 'sex');
    await writeFile(file(), text({ features }));
    const app = await start();
    await predict(app, 0, 150);
    const drift = await driftOf(app);
    expect(drift.untested).toEqual(['sex']);
    expect(drift.features.map(({ name }) => name)).not.toContain('sex');
    expect(drift.reference?.source).toBe('data');
  });

  it('is replaced without a reload: answers stay cached, no model is loaded', async () => {
    const app = await start({ modelsQuietMs: 50, modelsPollMs: 100 });
    await predict(app, 0, 150);
    const events = () =>
      app.app.services.modelEvents
        .list(TEST_CALL, 'penguins', 100)
        .filter(({ kind }) => kind !== 'DRIFT').length;
    const [before, pool] = [events(), app.app.catalog.resolve('penguins', undefined).pool];
    const createdAt = '2031-01-01T00:00:00.000Z';
    await writeFile(file(), text({ createdAt }));
    await vi.waitFor(
      async () => expect((await driftOf(app)).reference?.createdAt).toBe(createdAt),
      { timeout: 10_000 },
    );
    expect(events()).toBe(before);
    expect(app.app.catalog.resolve('penguins', undefined).pool).toBe(pool);
    const { body } = await predict(app, 0, 150);
    expect(body.results.every(({ cached }) => cached)).toBe(true);
  });

  it('counts on while the clock of the machine jumps', async () => {
    const app = await start();
    const clock = vi.spyOn(Date, 'now');
    try {
      for (const year of [2026, 1999, 2099, 1970]) {
        clock.mockReturnValue(Date.UTC(year, 0, 1));
        await predict(app, year, 100);
      }
      for (const window of ['RECENT', 'HOUR', 'DAY']) {
        expect((await driftOf(app, window)).predictions).toBe(400);
      }
      expect((await driftOf(app)).state).not.toBe('NOT_ENOUGH_DATA');
    } finally {
      clock.mockRestore();
    }
  });

  describe('frozen from live traffic', () => {
    const [admin, client] = [createApiKey(), createApiKey()];
    const profile = (...args: readonly string[]) =>
      new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
        const child = execFile(
          process.execPath,
          [CLI, 'profile', 'penguins', '--from-live', ...args],
          (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
        );
      });
    let access: string;
    beforeAll(async () => {
      access = await mkdtemp(path.join(os.tmpdir(), 'drift-access-'));
      const keys = [
        { ...admin, name: 'admin', scopes: ['models:admin'] },
        { ...client, name: 'client', scopes: ['predict', 'models:read', 'metrics:read'] },
      ].map(({ id, sha256, name, scopes }) => ({ id, sha256, name, scopes }));
      await writeFile(path.join(access, 'access.yaml'), JSON.stringify({ keys }));
    });
    afterAll(() => rm(access, { recursive: true }));

    it('is there for models:admin only, and stands in STATE_DIR', { timeout: 60_000 }, async () => {
      const app = await start({ accessFile: path.join(access, 'access.yaml') });
      const headers = { 'x-api-key': client.key };
      const at = ['--url', app.url] as const;
      const early = await profile(...at, '--key', admin.key);
      expect(early).toMatchObject({ status: 1, stdout: '' });
      expect(early.stderr).toContain('CONFLICT');
      await predict(app, 0, 300, headers);
      expect((await profile(...at)).stderr).toContain('UNAUTHENTICATED');
      expect((await profile(...at, '--key', client.key)).stderr).toContain('FORBIDDEN');
      const wrong = await profile('--url', 'http://127.0.0.1:9', '--key', admin.key);
      expect(wrong.stderr).toContain('There is no server at http://127.0.0.1:9.');
      const out = path.join(state, 'copy.json');
      const made = await profile(...at, '--key', admin.key, '--out', out);
      expect(made).toMatchObject({ status: 0, stderr: '' });
      expect(made.stdout).toContain('300 rows');
      expect(made.stdout + made.stderr).not.toContain(admin.key);
      const kept = await readFile(path.join(state, 'profiles/penguins/1/profile.json'), 'utf8');
      expect(kept).toBe(await readFile(out, 'utf8'));
      expect(JSON.parse(kept)).toMatchObject({ source: 'live', model: 'penguins', rows: 300 });
      // It holds distributions; those of columns with few values name them.
      expect(kept).toContain('Torgersen');
      // What is beside the version is as it was.
      expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(shipped);
    });
  });
});
