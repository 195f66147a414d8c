import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, runApp } from '../../support/running-app.ts';
import { RunningExample } from './run-example.ts';

describe('the example of a supergraph behind Hive Gateway', { timeout: 60_000 }, () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp({ modelsDir: 'examples/federation/models' });
  });
  afterAll(() => app.stop());

  it('has the mood of every review of the shop, from one batch of the model', async () => {
    const output = await new RunningExample('federation/main.ts', app.url).end();
    const moods = output.matchAll(/^(.+): (POSITIVE|NEGATIVE) \(\d\d\.\d%\) /gm);
    const found = Array.from(moods, ([, title, mood]) => `${title}: ${mood}`);
    const ship = ['The Slow Ship: NEGATIVE', 'The Slow Ship: POSITIVE'];
    expect(found).toEqual([
      'Penguins on Film: POSITIVE',
      'Penguins on Film: POSITIVE',
      'Penguins on Film: NEGATIVE',
      ...ship,
      ...ship,
    ]);
    expect(output).toMatch(/^batches 1$/m);
  });
});
