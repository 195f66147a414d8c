import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ModelWorker } from '../../src/runtimes/model-worker.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

describe('outputs of a model with two heads', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp({ modelsDir: 'test/fixtures/models' });
  }, 120_000);
  afterAll(() => server.stop());
  afterEach(() => vi.restoreAllMocks());

  let serial = 0;
  /** A row that no cache has. */
  const fresh = () => `{ shape: [1, 4], data: [${serial++}, 2, 3, 4] }`;
  const watchEngine = () => vi.spyOn(ModelWorker.prototype, 'run');

  it.each([
    ['a { data }', ['a']],
    ['b { data }', ['b']],
    ['a { data } b { shape }', ['a', 'b']],
    ['outputs { name }', ['a', 'b']],
  ])('asks the engine for what { %s } needs', async (selection, wanted) => {
    const engine = watchEngine();
    const { errors } = await server.graphql(`{ onnxTwoHeads(x: ${fresh()}) { ${selection} } }`);
    expect(errors).toBeUndefined();
    expect(engine).toHaveBeenCalledTimes(1);
    expect([...engine.mock.calls[0]![1]].sort()).toEqual(wanted);
  });

  it('takes what a fragment and a directive select into account', async () => {
    const engine = watchEngine();
    const { errors } = await server.graphql(
      `query ($no: Boolean = false) { onnxTwoHeads(x: ${fresh()}) { ...Head b @include(if: $no) { data } } }
       fragment Head on OnnxTwoHeadsPrediction { a { data } }`,
    );
    expect(errors).toBeUndefined();
    expect(engine.mock.calls.map(([, outputs]) => [...outputs])).toEqual([['a']]);
  });

  it('runs aliased fields as one batch, with the union of what they need', async () => {
    const engine = watchEngine();
    const one = `onnxTwoHeads(x: ${fresh()}) { a { shape } }`;
    const two = `onnxTwoHeads(x: ${fresh()}) { b { shape } }`;
    const { data, errors } = await server.graphql(`{ one: ${one} two: ${two} }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ one: { a: { shape: [1, 3] } }, two: { b: { shape: [1, 2] } } });
    expect(engine).toHaveBeenCalledTimes(1);
    expect([...engine.mock.calls[0]![1]].sort()).toEqual(['a', 'b']);
  });
});
