import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { runApp, type RunningApp } from '../support/running-app.ts';

interface Penguin {
  readonly island: string;
  readonly bill_length_mm: number | null;
  readonly bill_depth_mm: number | null;
  readonly flipper_length_mm: number | null;
  readonly body_mass_g: number | null;
  readonly sex: string | null;
}

interface Drift {
  readonly state: string;
  readonly predictions: number;
  readonly columns: readonly string[];
  readonly features: readonly {
    readonly name: string;
    readonly state: string;
    readonly severity: number;
    readonly histogram: readonly { readonly reference: number; readonly current: number }[];
  }[];
}

/** Species of {@link PENGUINS}. */
const SPECIES = readFileSync('test/fixtures/drift/penguins.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { actual: string }).actual);

/** Measured on the Palmer Archipelago, in random order. */
const PENGUINS = readFileSync('test/fixtures/drift/penguins.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { input: { features: Penguin } }).input.features);

const DRIFT = `query ($window: DriftWindow) { drift(model: "penguins", window: $window) {
  state predictions columns features { name state severity histogram { reference current } }
} }`;

/** `count` penguins, over and over. */
const flock = (count: number, change: (penguin: Penguin) => Penguin = (same) => same) =>
  Array.from({ length: count }, (_, i) => ({
    features: change(PENGUINS[i % PENGUINS.length]!),
  }));

const inKilograms = (penguin: Penguin): Penguin => ({
  ...penguin,
  body_mass_g: penguin.body_mass_g === null ? null : penguin.body_mass_g / 1000,
});

describe('drift of a running server', () => {
  let server: RunningApp;
  let state: string;
  beforeAll(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'drift-'));
  });
  afterAll(() => rm(state, { recursive: true, force: true }));

  const start = async () => {
    server = await runApp({ stateDir: state });
  };
  const drift = async (window = 'RECENT') =>
    (await server.graphql<{ drift: Drift }>(DRIFT, { window })).data.drift;
  const predict = (inputs: readonly { features: Penguin }[]) =>
    server.post('/predict/batch', { model: 'penguins', inputs });

  it('tells that penguins come in kilograms, by query, subscription, event and gauge', async () => {
    await start();
    try {
      expect(await drift()).toMatchObject({ state: 'NOT_ENOUGH_DATA', predictions: 0 });
      const client = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
      });
      const alerts = client.iterate<{ driftAlerts: { state: string; columns: string[] } }>({
        query: 'subscription { driftAlerts { model version state previous columns message } }',
      });
      const events = client.iterate({
        query: 'subscription { modelEvents(model: "penguins") { kind message } }',
      });
      const [alert, event] = [alerts.next(), events.next()];
      // The subscriptions are there once a later operation of the same socket is answered.
      const opened = client.iterate({ query: '{ health { status } }' });
      await opened.next();

      await predict(flock(200, inKilograms));
      expect((await alert).value).toMatchObject({
        data: {
          driftAlerts: {
            model: 'penguins',
            version: '1',
            state: 'DRIFT',
            columns: expect.arrayContaining(['body_mass_g']) as unknown,
          },
        },
      });
      expect((await event).value).toMatchObject({ data: { modelEvents: { kind: 'DRIFT' } } });
      const report = await drift();
      expect(report.state).toBe('DRIFT');
      expect(report.columns[0]).toBe('body_mass_g');
      const mass = report.features.find(({ name }) => name === 'body_mass_g');
      expect(mass?.histogram.some((bar) => bar.reference === 0 && bar.current > 0.9)).toBe(true);
      const page = await server.get('/metrics/prometheus');
      expect(page.text).toContain('ml_inference_drift_state{model="penguins",version="1"} 2');
      await client.dispose();
    } finally {
      await server.stop();
    }
  });

  it('counts answers of the cache, and is calm again when what comes is as it was', async () => {
    await start();
    try {
      await predict(flock(500));
      await predict(flock(500));
      expect(await drift()).toMatchObject({ state: 'NONE', predictions: 500 });
      expect(await drift('HOUR')).toMatchObject({ predictions: 1000 });
      await predict(flock(500, (penguin) => ({ ...penguin, island: 'Dream' })));
      expect((await drift()).columns).toContain('island');
      await predict(flock(800));
      expect(await drift()).toMatchObject({ state: 'NONE', columns: [] });
    } finally {
      await server.stop();
    }
  });

  it('freezes live traffic as the reference, which a new start finds', async () => {
    await start();
    try {
      await predict(flock(500, inKilograms));
      expect((await drift()).state).toBe('DRIFT');
      const frozen = await server.post('/models/penguins/drift/profile', {});
      expect(frozen.body).toMatchObject({ model: 'penguins', source: 'live' });
      await predict(flock(500, inKilograms));
      expect((await drift()).state).toBe('NONE');
    } finally {
      await server.stop();
    }
    await start();
    try {
      await predict(flock(200));
      expect(await drift()).toMatchObject({ state: 'DRIFT' });
      expect((await drift()).columns).toContain('body_mass_g');
    } finally {
      await server.stop();
    }
  });

  it('estimates the accuracy that reported outcomes then show', async () => {
    // What another test has frozen is no reference with outcomes.
    await rm(path.join(state, 'profiles'), { recursive: true, force: true });
    await start();
    try {
      const { data } = await server.graphql<{
        predictBatch: { results: { id: string; prediction: string }[] };
      }>(
        `mutation ($inputs: [ModelInput!]!) {
          predictBatch(model: "penguins", inputs: $inputs) {
            results { ... on Prediction { id prediction } }
          }
        }`,
        { inputs: PENGUINS.map((features) => ({ features })) },
      );
      const { results } = data.predictBatch;
      for (const [i, { id }] of results.entries()) {
        await server.post('/outcomes', { prediction_id: id, actual: SPECIES[i] });
      }
      const { drift: told } = (
        await server.graphql<{
          drift: {
            estimatedAccuracy: number;
            reportedAccuracy: number;
            referenceAccuracy: number;
            reportedOutcomes: number;
          };
        }>(
          '{ drift(model: "penguins") { estimatedAccuracy reportedAccuracy referenceAccuracy reportedOutcomes } }',
        )
      ).data;
      const right = results.filter(({ prediction }, i) => prediction === SPECIES[i]).length;
      expect(told.reportedOutcomes).toBe(PENGUINS.length);
      expect(told.reportedAccuracy).toBeCloseTo(right / PENGUINS.length, 10);
      expect(Math.abs(told.estimatedAccuracy - told.reportedAccuracy)).toBeLessThan(0.03);
      expect(Math.abs(told.referenceAccuracy - told.reportedAccuracy)).toBeLessThan(0.03);
    } finally {
      await server.stop();
    }
  });
});
