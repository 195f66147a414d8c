import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

/** What drift says of a model; every way that predictions come must lead to the same. */
interface Drift {
  readonly state: string;
  readonly predictions: number;
  readonly columns: readonly string[];
}

type Row = Readonly<Record<string, string | number | null>>;

const FIXTURES = 'test/fixtures/drift';

const PENGUINS = readFileSync(`${FIXTURES}/penguins.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { input: { features: Row } }).input.features);

const QUESTIONS = (
  parse(readFileSync(`${FIXTURES}/banking77.csv`), { columns: true }) as unknown as {
    text: string;
  }[]
).map(({ text }) => text);

/** 64 pixels of 0 to 255 each. */
const DIGITS = readFileSync(`${FIXTURES}/digits.csv`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(',').slice(0, 64))
  .map((pixels) => pixels.map((value) => Math.round((Number(value) / 16) * 255)));

const SPANISH = [
  '¿Dónde está mi tarjeta?',
  'Todavía estoy esperando mi tarjeta nueva',
  '¿Por qué me cobraron una comisión por sacar dinero?',
  'He perdido mi teléfono, ¿qué debo hacer?',
  'El cajero automático se ha tragado mi tarjeta',
  'No recuerdo mi PIN y necesito cambiarlo',
];

/** How many predictions a change may take to be found. */
const COUNT = 400;

const first = <T>(items: readonly T[], count = COUNT): T[] =>
  // The files may be sorted: in steps that meet every row.
  Array.from({ length: count }, (_, i) => items[(i * 7919) % items.length]!);

const inKilograms = (row: Row): Row => ({
  ...row,
  body_mass_g: row.body_mass_g === null ? null : Number(row.body_mass_g) / 1000,
});

/** Name of a column among the arguments of the typed field. */
const camelCase = (name: string) =>
  name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());

interface Column {
  readonly name: string;
  readonly type: string;
  readonly values?: readonly string[];
  readonly mean?: number;
  readonly std?: number;
}

const COLUMNS = (
  parseYaml(readFileSync('models/penguins/model.yaml', 'utf8')) as {
    input: { columns: readonly Column[] };
  }
).input.columns;

/** A row as the model's own tensor has it. */
const encode = (row: Row): number[] =>
  COLUMNS.flatMap(({ name, values, mean = 0, std = 1 }) => {
    const value = row[name] ?? null;
    if (values) return values.map((each) => Number(each === value));
    return [value === null ? 0 : (Number(value) - mean) / std];
  });

describe('drift is the same whichever way predictions come', () => {
  let server: RunningApp;
  let models: ModelsFolder;
  let state: string;
  beforeAll(async () => {
    models = await makeModelsFolder();
    for (const name of ['penguins', 'banking77', 'digits']) await models.add(name);
  });
  beforeEach(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'drift-ways-'));
    server = await runApp({ modelsDir: models.root, stateDir: state });
  });
  afterEach(async () => {
    await server.stop();
    await rm(state, { recursive: true, force: true });
  });
  afterAll(() => models.remove());

  const drift = async (model: string): Promise<Drift> =>
    (
      await server.graphql<{ drift: Drift }>(
        'query ($model: String) { drift(model: $model) { state predictions columns } }',
        { model },
      )
    ).data.drift;
  const inParts = async <T>(
    items: readonly T[],
    size: number,
    work: (part: T[]) => Promise<unknown>,
  ) => {
    for (let from = 0; from < items.length; from += size) {
      await work(items.slice(from, from + size));
    }
  };
  const sent = async (answer: Promise<{ status: number; text: string }>) => {
    const { status, text } = await answer;
    expect(status, text).toBe(200);
    expect(text).not.toContain('"error');
  };
  const infer = (model: string, input: object) =>
    sent(server.post(`/v2/models/${model}/infer`, { inputs: [input] }));
  const fields = (rows: readonly Row[]) =>
    rows
      .map((row, i) => {
        const pairs = Object.entries(row).filter(([, value]) => value !== null);
        const input = pairs
          .map(([name, value]) => `${camelCase(name)}: ${String(value)}`)
          .join(', ');
        return `p${i}: penguins(${input}) { label }`;
      })
      .join(' ');

  const WAYS: readonly (readonly [string, (rows: readonly Row[]) => Promise<void>])[] = [
    [
      'one by one over REST',
      (rows) =>
        inParts(rows, 20, (part) =>
          Promise.all(
            part.map((features) =>
              sent(server.post('/predict', { model: 'penguins', input: { features } })),
            ),
          ),
        ),
    ],
    [
      'as batches over REST',
      (rows) =>
        inParts(rows, 100, (part) =>
          sent(
            server.post('/predict/batch', {
              model: 'penguins',
              inputs: part.map((features) => ({ features })),
            }),
          ),
        ),
    ],
    [
      'as batches over GraphQL',
      (rows) =>
        inParts(rows, 100, (part) =>
          server
            .graphql(
              'mutation ($inputs: [ModelInput!]!) { predictBatch(model: "penguins", inputs: $inputs) { results { ... on Prediction { prediction } } } }',
              { inputs: part.map((features) => ({ features })) },
            )
            .then(({ errors }) => expect(errors).toBeUndefined()),
        ),
    ],
    [
      'as typed fields over GraphQL',
      (rows) =>
        inParts(rows, 20, (part) =>
          sent(server.post('/graphql', { query: `{ ${fields(part)} }` })),
        ),
    ],
    [
      'as tensors of many rows over /v2',
      (rows) =>
        inParts(rows, 100, (part) =>
          infer('penguins', {
            name: 'features',
            datatype: 'FP32',
            shape: [part.length, 9],
            data: part.flatMap(encode),
          }),
        ),
    ],
    [
      'as tensors of one row over /v2',
      (rows) =>
        inParts(rows, 20, (part) =>
          Promise.all(
            part.map((row) =>
              infer('penguins', {
                name: 'features',
                datatype: 'FP32',
                shape: [1, 9],
                data: encode(row),
              }),
            ),
          ),
        ),
    ],
  ];

  it.each(WAYS)(
    '%s: as ever, in kilograms, and from the cache',
    { timeout: 60_000 },
    async (_way, send) => {
      await send(first(PENGUINS));
      expect(await drift('penguins')).toMatchObject({
        state: 'NONE',
        predictions: COUNT,
        columns: [],
      });
      // The same again is answered from the cache.
      await send(first(PENGUINS));
      expect((await drift('penguins')).state).toBe('NONE');
      const kilograms = first(PENGUINS, 100).map(inKilograms);
      await send(kilograms);
      for (let again = 0; again < 3; again++) await send(kilograms);
      const { state, columns } = await drift('penguins');
      expect(state).toBe('DRIFT');
      expect(columns[0]).toBe('body_mass_g');
    },
  );

  const texts = (part: readonly string[]) => ({
    name: 'text',
    datatype: 'BYTES',
    shape: [part.length],
    data: part,
  });

  it('texts over /v2: as ever, and in another language', { timeout: 60_000 }, async () => {
    // The shipped model has learnt from these questions, and is surer of them than of any others.
    const [known, others] = [QUESTIONS.slice(0, 500), QUESTIONS.slice(500)];
    await inParts(known, 100, (part) =>
      sent(server.post('/predict/batch', { model: 'banking77', inputs: part })),
    );
    await sent(server.post('/models/banking77/drift/profile', {}));
    await inParts(first(others), 100, (part) => infer('banking77', texts(part)));
    expect(await drift('banking77')).toMatchObject({ state: 'NONE', predictions: COUNT });
    await inParts(first(SPANISH), 100, (part) => infer('banking77', texts(part)));
    const { state, columns } = await drift('banking77');
    expect(state).toBe('DRIFT');
    expect(columns).toContain('text.unknown_words');
  });

  const pixels = (part: readonly (readonly number[])[]) => ({
    name: 'image',
    datatype: 'FP32',
    shape: [part.length, 1, 8, 8],
    data: part.flat().map((value) => value / 255),
  });

  it('pixels over /v2: as ever, and inverted', { timeout: 60_000 }, async () => {
    await inParts(first(DIGITS), 100, (part) => infer('digits', pixels(part)));
    expect(await drift('digits')).toMatchObject({ state: 'NONE', predictions: COUNT });
    const inverted = DIGITS.map((digit) => digit.map((value) => 255 - value));
    await inParts(first(inverted), 100, (part) => infer('digits', pixels(part)));
    const { state, columns } = await drift('digits');
    expect(state).toBe('DRIFT');
    expect(columns).toContain('image.brightness');
  });
});
