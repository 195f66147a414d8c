import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/access/api-key.ts';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

describe('a model that asks for a scope of its own', { timeout: 60_000 }, () => {
  let folder: ModelsFolder;
  let home: string;
  let server: RunningApp;
  const keys = { plain: createApiKey(), medical: createApiKey() };
  beforeAll(async () => {
    folder = await makeModelsFolder();
    home = await mkdtemp(path.join(os.tmpdir(), 'access-'));
    await folder.add('banking77', { versions: ['2'] });
    await folder.add('penguins');
    await folder.configure('banking77', { access: { scope: 'medical' } });
    const scopes = ['predict', 'models:read', 'metrics:read', 'models:admin'];
    const written = [
      { ...keys.plain, name: 'plain', scopes },
      { ...keys.medical, name: 'medical', scopes: [...scopes, 'medical'] },
    ].map(({ id, name, sha256, scopes }) => ({ id, name, sha256, scopes }));
    const accessFile = path.join(home, 'access.yaml');
    await writeFile(accessFile, JSON.stringify({ keys: written }));
    server = await runApp({ modelsDir: folder.root, accessFile });
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
    await rm(home, { recursive: true });
  });

  const as = (who: keyof typeof keys) => ({ 'x-api-key': keys[who].key });
  const namesFor = async (who: keyof typeof keys): Promise<string> => {
    const all = await Promise.all([
      server.get('/models', as(who)),
      server.get('/health', as(who)),
      server.get('/openapi.json', as(who)),
      server.get('/metrics/prometheus', as(who)),
      server.post(
        '/graphql',
        {
          query: '{ __schema { queryType { fields { name } } } models { name } _service { sdl } }',
        },
        as(who),
      ),
      server.post('/predict', { model: 'nothing', input: 'x' }, as(who)),
    ]);
    return all.map(({ text }) => text).join('\n');
  };
  const predict = (who: keyof typeof keys, model?: string) =>
    server.post('/predict', { model, input: 'Where is my card?' }, as(who));

  it('does not exist for those without it', async () => {
    expect(await namesFor('plain')).not.toMatch(/banking77/i);
    expect(await namesFor('medical')).toMatch(/banking77/);
    expect((await predict('plain', 'banking77')).body.error.code).toBe('MODEL_NOT_FOUND');
    expect((await predict('medical', 'banking77')).status).toBe(200);
    // It is the default of those only who may use it.
    expect((await predict('medical')).status).toBe(200);
    expect((await predict('plain')).body.error.message).not.toContain('banking77');
    const unload = await server.post('/models/banking77/unload', {}, as('plain'));
    expect(unload.status).toBe(404);
  });

  it('is there for all, and gone again, as model.yaml changes', async () => {
    const reload = () => server.post('/models/reload', {}, as('medical'));
    await folder.configure('banking77', { access: {} });
    expect((await reload()).status).toBe(200);
    expect((await predict('plain', 'banking77')).status).toBe(200);
    await folder.configure('banking77', { access: { scope: 'medical' } });
    expect((await reload()).status).toBe(200);
    expect((await predict('plain', 'banking77')).status).toBe(404);
    expect(await namesFor('plain')).not.toMatch(/banking77/i);
    // What the server asks for anyway would be no protection.
    await folder.configure('banking77', { access: { scope: 'predict' } });
    await reload();
    expect((await predict('plain', 'banking77')).status).toBe(404);
    const { text } = await server.get('/health', as('medical'));
    expect(text).toContain('banking77');
  });
});
