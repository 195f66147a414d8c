import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const run = promisify(execFile);

describe('the canary of docs/versions.md', () => {
  let models: ModelsFolder;
  let server: RunningApp;
  let text: string;
  beforeAll(async () => {
    text = await readFile('docs/versions.md', 'utf8');
    models = await makeModelsFolder();
    await models.add('banking77');
    server = await runApp({ modelsDir: models.root, modelsQuietMs: 100, modelsPollMs: 300 });
  });
  afterAll(async () => {
    await server.stop();
    await models.remove();
  });

  /** Runs the block after `<!-- example:NAME -->`. */
  const example = async (name: string): Promise<Record<string, unknown>> => {
    const code = new RegExp(`<!-- example:${name} -->\\s*\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(text);
    if (!code?.[1]) throw new Error(`docs/versions.md has no example "${name}"`);
    const local = code[1].replaceAll('localhost:8000', `127.0.0.1:${server.port}`);
    const { stdout } = await run('bash', ['-c', local]);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const serving = (version: string) =>
    vi.waitFor(() => expect(server.app.catalog.get('banking77')?.servingVersion).toBe(version), {
      timeout: 15_000,
    });

  it('goes from beginning to end', async () => {
    const yaml = /Add to `models[\s\S]*?```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    await models.configure('banking77', parse(yaml) as Record<string, unknown>);
    await serving('1');
    expect(await example('shadow')).toMatchObject({ shadow: { version: '2', percent: 100 } });
    expect(await example('comparison')).toHaveProperty('versions');
    expect(await example('split')).toMatchObject({ traffic: [{ version: '2', percent: 10 }] });
    const { id, version } = await example('predict');
    expect((await example('predict')).version).toBe(version);
    const outcome = await server.post('/outcomes', { prediction_id: id, actual: 'card_arrival' });
    expect(outcome.body).toMatchObject({ version, correct: true, counted: true });
    expect(await example('verdict')).toMatchObject({
      data: { modelComparison: { servingVersion: '1' } },
    });
    expect(await example('more')).toMatchObject({ traffic: [{ version: '2', percent: 50 }] });
    await models.configure('banking77', {
      versions: { serve: 'all', labels: { stable: '2', canary: '2' } },
    });
    await serving('2');
    expect(await example('done')).toMatchObject({ traffic: [], serving_version: '2' });
  }, 60_000);
});
