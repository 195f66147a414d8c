import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/repository/manifest.ts';

describe('defaults', () => {
  it('are those of raw tensors for an empty file', () => {
    for (const empty of [undefined, null, {}]) {
      expect(parseManifest(empty)).toMatchObject({
        options: {},
        input: { kind: 'tensors' },
        output: { kind: 'tensors' },
        batching: { maxBatchSize: 64, maxDelayMs: 0 },
        workers: { isolation: 'thread' },
        cache: { enabled: true },
        examples: [],
      });
    }
  });

  it('take what the files suggest, unless the manifest says', () => {
    const inferred = { input: { kind: 'image' }, output: { kind: 'embedding' } };
    expect(parseManifest({}, inferred)).toMatchObject(inferred);
    const told = parseManifest({ output: { kind: 'tensors' } }, inferred);
    expect([told.input.kind, told.output.kind]).toEqual(['image', 'tensors']);
  });

  it('tell the encoding of a text from the options that it brings', () => {
    const encoding = (input: object) => parseManifest({ input }).input;
    expect(encoding({ kind: 'text' })).toMatchObject({ encoding: 'tokenizer', padToMultipleOf: 8 });
    expect(encoding({ kind: 'text', hashedNgrams: { buckets: 9 } })).toMatchObject({
      encoding: 'hashed-ngrams',
      maxLength: 10_000,
      tensors: { values: 'indices', segments: 'segments' },
    });
  });
});

describe('mistakes are told by file, key and what is allowed', () => {
  it.each([
    [
      { inpt: 1 },
      'model.yaml, the file: unknown key "inpt"; allowed: description, runtime, remote, file,',
    ],
    [[], 'model.yaml, the file: expected object, received array'],
    [{ runtime: 'torch' }, 'model.yaml, runtime: expected one of "tfjs"|"onnx"'],
    [{ input: {} }, 'model.yaml, input.kind: expected one of text, image, features, tensors'],
    [{ input: { kind: 'audio' } }, 'model.yaml, input.kind: expected one of text, image, features'],
    [
      { input: { kind: 'text', encoding: 'words' } },
      'model.yaml, input.encoding: expected one of hashed-ngrams, tokenizer',
    ],
    [
      { input: { kind: 'text', hashedNgrams: {} } },
      'model.yaml, input.hashedNgrams.buckets: missing; expected number',
    ],
    [
      { input: { kind: 'text', hashedNgrams: { buckets: 9, wordNgrams: [2, 1] } } },
      'model.yaml, input.hashedNgrams.wordNgrams: expected [shortest, longest]',
    ],
    [{ input: { kind: 'text', maxToken: 1 } }, 'unknown key "maxToken"; allowed: kind, encoding,'],
    [{ input: { kind: 'image', channels: 2 } }, 'model.yaml, input.channels: expected 1 or 3'],
    [{ input: { kind: 'image', std: [1, 0] } }, 'model.yaml, input.std: must not be 0'],
    [{ input: { kind: 'image', background: 'red' } }, 'expected a colour such as "#ffffff"'],
    [
      { input: { kind: 'features', columns: [{ name: 'a', type: 'number' }] } },
      'model.yaml, input.columns.0.type: expected one of numeric, categorical, string, boolean',
    ],
    [
      {
        input: {
          kind: 'features',
          columns: [
            { name: 'a', type: 'boolean' },
            { name: 'a', type: 'boolean' },
          ],
        },
      },
      'model.yaml, input.columns.1.name: "a" appears twice',
    ],
    [
      { input: { kind: 'features', columns: [{ name: 'a', type: 'numeric', missing: 'x' }] } },
      'model.yaml, input.columns.0.missing: expected error, mean, nan or a number',
    ],
    [
      {
        input: { kind: 'features', columns: [{ name: 'a', type: 'categorical', values: [1, 1] }] },
      },
      'model.yaml, input.columns.0.values: a value appears twice',
    ],
    [{ output: { kind: 'label' } }, 'model.yaml, output.kind: expected one of classification,'],
    [
      { output: { kind: 'classification', labels: ['a', 'a'] } },
      'model.yaml, output.labels: a label appears twice',
    ],
    [{ output: { kind: 'multi-label', threshold: 2 } }, 'model.yaml, output.threshold: Too big'],
    [
      { batching: { maxBatchSize: '8' } },
      'batching.maxBatchSize: expected number, received string',
    ],
    [{ workers: { isolation: 'vm' } }, 'workers.isolation: expected one of "thread"|"process"'],
    [
      { traffic: { splits: {} } },
      'model.yaml, traffic: unknown key "splits"; allowed: split, shadow,',
    ],
    [
      { versions: { serve: 'newest' } },
      'versions.serve: expected latest, all or a list of versions',
    ],
    [{ version: '../2' }, 'model.yaml, version: letters, digits, ".", "_" and "-"'],
    [{ examples: [{ text: 'x' }] }, 'model.yaml, examples.0.input: missing; expected record'],
  ])('%j', (content, message) => {
    expect(() => parseManifest(content)).toThrow(message);
  });

  it('all at once', () => {
    expect(() => parseManifest({ runtime: 'x', batching: { maxBatchSize: 0 } })).toThrow(
      /model\.yaml, runtime: .*; model\.yaml, batching\.maxBatchSize: /,
    );
  });
});
