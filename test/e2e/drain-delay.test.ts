import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { startServerProcess } from '../support/faults/server-process.ts';
import { runApp } from '../support/running-app.ts';

describe('DRAIN_DELAY_MS', () => {
  let models: ModelsFolder;
  beforeAll(async () => {
    models = await makeModelsFolder();
    await models.add('penguins');
  });
  afterAll(() => models.remove());

  it('lets a server that is told to stop serve on while it is not ready', async () => {
    const server = await runApp({ modelsDir: models.root, drainDelayMs: 3_000 });
    const stopped = server.app.stop();
    const input = { features: { island: 'Dream', body_mass_g: 3700 } };
    expect((await server.get('/readyz')).status).toBe(503);
    expect((await server.get('/livez')).status).toBe(200);
    expect((await server.post('/predict', { input })).status).toBe(200);
    expect(await stopped).toBe(true);
    await expect(server.get('/livez')).rejects.toThrow();
  }, 60_000);

  it('is not waited for after Ctrl+C', async () => {
    await using server = startServerProcess({
      MODELS_DIR: models.root,
      DRAIN_DELAY_MS: '600000',
    });
    await server.ready();
    server.signal('SIGINT');
    expect(await server.exit).toBe(0);
  }, 60_000);
});
