import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApp, type RunningApp } from '../support/running-app.ts';

const FIXTURES = 'test/fixtures/models';
const TWO_HEADS = `${FIXTURES}/onnx-two-heads/1/model.onnx`;

interface Status {
  readonly name: string;
  readonly state: string;
  readonly reason: string | null;
}

describe('folders without a model.yaml, and damaged ones beside them', () => {
  let folder: string;
  let server: RunningApp;
  let models: Map<string, Status>;

  /** Copies a file of the repository into a model of the folder. */
  const put = async (from: string, to: string) => {
    await mkdir(path.dirname(path.join(folder, to)), { recursive: true });
    await cp(from, path.join(folder, to), { recursive: true });
  };
  const write = async (to: string, content: string | Buffer) => {
    await mkdir(path.dirname(path.join(folder, to)), { recursive: true });
    await writeFile(path.join(folder, to), content);
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'models-'));
    await put('models/digits/1/model.onnx', 'bare-onnx/1/model.onnx');
    await put('models/banking77/1', 'bare-tfjs/1');
    // As `optimum-cli export onnx` writes it: no folder for the version.
    await put(`${FIXTURES}/hf-text-classification/1`, 'hub-export');

    await write('bad-empty/1/model.onnx', '');
    await write('bad-pointer/1/model.onnx', 'version https://git-lfs.github.com/spec/v1\n');
    await put(TWO_HEADS, 'bad-cut/1/model.onnx');
    await truncate(path.join(folder, 'bad-cut/1/model.onnx'), 200);
    await put('models/banking77/1', 'bad-weights/1');
    await write('bad-weights/1/group1-shard1of1.bin', '');
    await write('bad-json/1/model.json', '{"modelTopology":');
    await put(TWO_HEADS, 'bad-key/1/model.onnx');
    await write('bad-key/model.yaml', 'batching: { maxBatch: 8 }\n');
    await put(TWO_HEADS, 'bad-option/1/model.onnx');
    await write('bad-option/model.yaml', 'options: { intraOpThread: 2 }\n');
    await put(TWO_HEADS, 'bad-yaml/1/model.onnx');
    await write('bad-yaml/model.yaml', 'input: [\n');
    await put(TWO_HEADS, 'bad-tensor/1/model.onnx');
    await write('bad-tensor/model.yaml', 'output: { kind: regression, tensor: price }\n');
    await put(`${FIXTURES}/onnx-sklearn/1/model.onnx`, 'bad-labels/1/model.onnx');
    await write(
      'bad-labels/model.yaml',
      'output: { kind: classification, tensor: probabilities, labels: [one, two] }\n',
    );
    await put(TWO_HEADS, 'bad-example/1/model.onnx');
    // Without quotes the comma begins another key.
    await write('bad-example/model.yaml', 'examples: [{ input: { text: Great, I loved it } }]\n');
    await mkdir(path.join(folder, 'bad-nothing/1'), { recursive: true });

    server = await runApp({ modelsDir: folder });
    const { body } = await server.get('/health');
    const { models: listed } = body as unknown as { models: readonly Status[] };
    models = new Map(listed.map((model) => [model.name, model]));
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('serve tensors as PyTorch computed them from a lone model.onnx', async () => {
    const file = await readFile('test/fixtures/expected/digits.json', 'utf8');
    interface Wire {
      readonly datatype: string;
      readonly shape: readonly number[];
      readonly data: readonly number[];
    }
    const { cases } = JSON.parse(file) as {
      cases: readonly { inputs: { image: Wire }; outputs: { logits: Wire } }[];
    };
    for (const { inputs, outputs } of cases) {
      const { status, body } = await server.post('/predict', {
        model: 'bare-onnx',
        input: { tensors: [{ name: 'image', ...inputs.image }] },
      });
      expect(status).toBe(200);
      const answer = body.prediction as number[];
      expect(answer).toHaveLength(outputs.logits.data.length);
      for (const [i, value] of outputs.logits.data.entries()) {
        expect(Math.abs(answer[i]! - value)).toBeLessThanOrEqual(1e-5);
      }
    }
  });

  it('serve tensors from a lone model.json', async () => {
    const tensor = (name: string, data: number[]) => ({
      name,
      datatype: 'INT32',
      shape: [data.length],
      data,
    });
    const { status, body } = await server.post('/predict', {
      model: 'bare-tfjs',
      input: { tensors: [tensor('indices', [1, 2, 3]), tensor('segments', [0, 0, 0])] },
    });
    expect(status).toBe(200);
    expect(body.prediction).toHaveLength(77);
    expect(body.confidence).toBeNull();
  });

  it('serve what the exporter of Hugging Face writes, as version 1', async () => {
    const { status, body } = await server.post('/predict', {
      model: 'hub-export',
      input: 'A great film, I loved it!',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ prediction: 'POSITIVE', version: '1' });
  });

  it.each([
    ['bad-empty', /model\.onnx.*empty/],
    ['bad-pointer', /model\.onnx.*(?:damaged|not a)/],
    ['bad-cut', /model\.onnx.*(?:damaged|cut)/],
    ['bad-weights', /weights hold 0 bytes of \d+/],
    ['bad-json', /model\.json is not valid JSON/],
    ['bad-key', /model\.yaml, batching: .*maxBatch.*allowed: .*maxBatchSize/],
    ['bad-option', /model\.yaml, options.*intraOpThread.*allowed: .*intraOpThreads/],
    ['bad-yaml', /model\.yaml is not valid YAML/],
    ['bad-tensor', /output\.tensor.*"price".*"a", "b"/],
    ['bad-labels', /output\.labels: 2 labels.*3 classes/],
    ['bad-example', /model\.yaml, examples\.0\.input: .*"I loved it"/],
    ['bad-nothing', /version 1 holds no model: expected model\.onnx/],
  ])('say what is wrong with %s', (name, reason) => {
    expect(models.get(name)).toMatchObject({ state: 'failed' });
    expect(models.get(name)?.reason).toMatch(reason);
    expect(models.get(name)?.reason).not.toContain(folder);
    expect(models.get(name)?.reason).not.toMatch(/\.cc:\d+|node_modules/);
  });

  it('refuse requests to a failed model and answer those to its neighbours', async () => {
    const failed = await server.post('/predict', { model: 'bad-cut', input: 'x' });
    expect(failed.status).toBe(503);
    expect(failed.body.error.code).toBe('MODEL_NOT_READY');
    const ready = [...models.values()].filter(({ state }) => state === 'ready');
    expect(ready.map(({ name }) => name)).toEqual(['bare-onnx', 'bare-tfjs', 'hub-export']);
  });
});
