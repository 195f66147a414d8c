import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApp, type RunningApp } from '../support/running-app.ts';

interface WireTensor {
  readonly name?: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

interface ExpectedCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, WireTensor>>;
  readonly outputs: Readonly<Record<string, WireTensor>>;
  readonly text?: string;
  readonly texts?: readonly string[];
  readonly rows?: readonly Record<string, unknown>[];
  readonly labels?: readonly string[];
  readonly probabilities?: readonly (readonly number[])[];
  readonly pooled?: { readonly mean: unknown };
}

/** Largest difference from what the training framework (or numpy) gave. */
const TOLERANCE = 1e-5;

const expected = (model: string): readonly ExpectedCase[] =>
  (
    JSON.parse(
      readFileSync(new URL(`../fixtures/expected/${model}.json`, import.meta.url), 'utf8'),
    ) as { cases: readonly ExpectedCase[] }
  ).cases;

/** The rows of a case, each as tensors that a client can send. */
function rowsOf({ inputs }: ExpectedCase): WireTensor[][] {
  const rows = Object.values(inputs)[0]?.shape[0] ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    Object.entries(inputs).map(([name, tensor]) => ({ name, ...rowOf(tensor, row) })),
  );
}

function rowOf({ datatype, shape, data }: WireTensor, row: number): WireTensor {
  const [rows = 1, ...rest] = shape;
  const size = data.length / rows;
  return { datatype, shape: [1, ...rest], data: data.slice(row * size, (row + 1) * size) };
}

/** Difference relative to the larger of 1 and the number: prices in the 100,000s are FP32 too. */
function expectClose(actual: readonly unknown[], wanted: readonly unknown[]): void {
  expect(actual).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) {
    const scale = Math.max(1, Math.abs(Number(value)));
    expect(Math.abs(Number(actual[i]) - Number(value)) / scale).toBeLessThanOrEqual(TOLERANCE);
  }
}

const PREDICT = `mutation ($model: String!, $input: ModelInput!) {
  predict(model: $model, input: $input) {
    prediction confidence scores(top: 100) { label score } outputs { name datatype shape data }
  }
}`;

interface Answer {
  readonly prediction: unknown;
  readonly confidence: number | null;
  readonly scores: readonly { label: string; score: number }[] | null;
  readonly outputs: readonly WireTensor[];
}

function asker(server: () => RunningApp) {
  return async (model: string, input: unknown): Promise<Answer> => {
    const { data, errors } = await server().graphql<{ predict: Answer }>(PREDICT, { model, input });
    expect(errors).toBeUndefined();
    return data.predict;
  };
}

const outputOf = ({ outputs }: Answer, name: string): readonly unknown[] =>
  outputs.find((output) => output.name === name)?.data ?? [];

describe('models of each format', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp({ modelsDir: 'test/fixtures/models' });
  }, 120_000);
  afterAll(() => server.stop());
  const ask = asker(() => server);

  it.each(['onnx-two-heads', 'onnx-fixed-batch', 'onnx-multilabel', 'onnx-slow'])(
    'gives what numpy gives: %s',
    async (model) => {
      for (const each of expected(model)) {
        for (const [row, tensors] of rowsOf(each).entries()) {
          const answer = await ask(model, { tensors });
          for (const [name, output] of Object.entries(each.outputs)) {
            expectClose(outputOf(answer, name), rowOf(output, row).data);
          }
        }
      }
    },
  );

  it('takes several rows of raw tensors at once', async () => {
    const [first] = expected('onnx-two-heads');
    const tensors = Object.entries(first!.inputs).map(([name, tensor]) => ({ name, ...tensor }));
    const answer = await ask('onnx-two-heads', { tensors });
    expectClose(outputOf(answer, 'a'), first!.outputs.a!.data);
    expectClose(outputOf(answer, 'b'), first!.outputs.b!.data);
    expect(answer).toMatchObject({ confidence: null, scores: null });
  });

  it('carries every type of tensor that ONNX Runtime can', async () => {
    const [only] = expected('onnx-types');
    // Half precision stands in the file as bit patterns, and travels as numbers.
    const sent = rowsOf(only!)[0]!.map((tensor) =>
      tensor.datatype === 'FP16' ? { ...tensor, data: [-65504, 1.5, 65504] } : tensor,
    );
    const answer = await ask('onnx-types', { tensors: sent });
    for (const { name, datatype, data } of sent) {
      const back = answer.outputs.find((output) => output.name === `${String(name)}_out`);
      expect(back?.datatype).toBe(datatype);
      // The file has FP32 in nine digits, JSON in as many as tell the double apart.
      const exact = (value: unknown) =>
        String(datatype === 'FP32' ? Math.fround(Number(value)) : value);
      expect(back?.data.map(exact)).toEqual(data.map(exact));
    }
  });

  it('pools and normalises vectors', async () => {
    const [dense] = expected('onnx-embedding');
    for (const [row, tensors] of rowsOf(dense!).entries()) {
      const raw = rowOf(dense!.outputs.embedding!, row).data as number[];
      const length = Math.hypot(...raw);
      const { prediction, confidence, scores } = await ask('onnx-embedding', { tensors });
      expectClose(
        prediction as number[],
        raw.map((value) => value / length),
      );
      expect({ confidence, scores }).toEqual({ confidence: null, scores: null });
    }
    const [tokens] = expected('onnx-token-embedding');
    for (const [row, tensors] of rowsOf(tokens!).entries()) {
      const { prediction } = await ask('onnx-token-embedding', { tensors });
      expectClose(prediction as number[], (tokens!.pooled!.mean as number[][])[row]!);
    }
  });

  it('answers any number of labels, likeliest first, with the best as confidence', async () => {
    const [only] = expected('onnx-multilabel');
    const names = ['art', 'music', 'nature', 'science', 'sport'];
    for (const [row, tensors] of rowsOf(only!).entries()) {
      const probabilities = only!.probabilities![row]!;
      const ranked = names
        .map((label, i) => ({ label, score: probabilities[i]! }))
        .sort((a, b) => b.score - a.score);
      const answer = await ask('onnx-multilabel', { tensors });
      expect(answer.prediction).toEqual(
        ranked.filter(({ score }) => score >= 0.5).map(({ label }) => label),
      );
      expect(answer.confidence).toBeCloseTo(ranked[0]!.score, 5);
      expectClose(
        answer.scores!.map(({ score }) => score),
        ranked.map(({ score }) => score),
      );
    }
  });

  it('answers a number with columns in', async () => {
    const features = { area_m2: 50, age_years: 10, has_lift: true };
    const answer = await ask('onnx-regression', { features });
    expect(answer).toMatchObject({ prediction: 139_800, confidence: null, scores: null });
    // 80 m² without a lift, the age left out: 30 years stand for it.
    expect((await ask('onnx-regression', { features: { area_m2: 80 } })).prediction).toBe(144_400);
  });

  it('gives each column an input of its own where the model has them', async () => {
    const features = { width: 1.5, height: 2, colour: 'grün 🐧' };
    const answer = await ask('onnx-column-inputs', { features });
    expect(outputOf(answer, 'sum')).toEqual([3.5]);
    expect(outputOf(answer, 'echo')).toEqual(['grün 🐧']);
  });

  it('reads probabilities that a model of scikit-learn gives beside its label', async () => {
    const [only] = expected('onnx-sklearn');
    for (const [row, tensors] of rowsOf(only!).entries()) {
      const wanted = rowOf(only!.outputs.probabilities!, row).data as number[];
      const answer = await ask('onnx-sklearn', { tensors });
      expect(answer.prediction).toBe(only!.labels![row]);
      expect(answer.confidence).toBeCloseTo(Math.max(...wanted), 5);
    }
  });

  it('serves a text classifier of Hugging Face without a model.yaml', async () => {
    const [only] = expected('hf-text-classification');
    // All at once: texts of different lengths share batches, and padding must change nothing.
    const answers = await Promise.all(
      only!.texts!.map((text) => ask('hf-text-classification', { text })),
    );
    for (const [row, answer] of answers.entries()) {
      expect(answer.prediction).toBe(only!.labels![row]);
      expectClose(outputOf(answer, 'logits'), rowOf(only!.outputs.logits!, row).data);
      const best = Math.max(...only!.probabilities![row]!);
      expect(Math.abs(answer.confidence! - best)).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  it('serves embeddings of Hugging Face without a model.yaml', async () => {
    const cases = expected('hf-embeddings').filter(({ text }) => text !== undefined);
    expect(cases.length).toBeGreaterThan(2);
    const answers = await Promise.all(cases.map(({ text }) => ask('hf-embeddings', { text })));
    for (const [i, each] of cases.entries()) {
      expectClose(answers[i]!.prediction as number[], [each.pooled!.mean].flat(2));
    }
  });

  it('cuts texts that are longer than the model takes', async () => {
    const text = 'The film was great. '.repeat(100);
    expect((await ask('hf-text-classification', { text })).prediction).toEqual(expect.any(String));
    expect((await ask('hf-embeddings', { text })).prediction).toHaveLength(16);
  });

  it('says of each model that cannot be served why, without paths, and serves the others', async () => {
    const { body } = await server.get('/health');
    const { models } = body as unknown as {
      models: readonly { name: string; state: string; reason: string | null }[];
    };
    const failed = new Map(
      models.flatMap(({ name, state, reason }) => (state === 'failed' ? [[name, reason]] : [])),
    );
    expect([...failed.keys()].sort()).toEqual([
      'onnx-bfloat16',
      'onnx-sequence-map',
      'onnx-unsupported-op',
    ]);
    expect(failed.get('onnx-bfloat16')).toMatch(/bfloat16/);
    expect(failed.get('onnx-sequence-map')).toMatch(/zipmap/i);
    expect(failed.get('onnx-unsupported-op')).toMatch(/Frobnicate/);
    for (const reason of failed.values()) expect(reason).not.toMatch(/(?:^|\s)\/\w/);
    expect(body.status).toBe('degraded');
  });
});

describe('shipped models of other kinds', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp();
  }, 60_000);
  afterAll(() => server.stop());
  const ask = asker(() => server);

  it('tells penguins apart as PyTorch does', async () => {
    const [only] = expected('penguins');
    for (const [row, cells] of only!.rows!.entries()) {
      const answer = await ask('penguins', { features: cells });
      expect(answer.prediction).toBe(only!.labels![row]);
      expectClose(outputOf(answer, 'logits'), rowOf(only!.outputs.logits!, row).data);
    }
  });

  it('reads digits from their images', async () => {
    for (const [file, digit] of [
      ['zero', '0'],
      ['three', '3'],
      ['five', '5'],
      ['eight', '8'],
    ]) {
      const url = new URL(`../../models/digits/examples/${file!}.png`, import.meta.url);
      const bytes = readFileSync(url).toString('base64');
      expect((await ask('digits', { image: bytes })).prediction).toBe(digit);
      const image = `data:image/png;base64,${bytes}`;
      expect((await ask('digits', { image })).prediction).toBe(digit);
    }
  });
});
