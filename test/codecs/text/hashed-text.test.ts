import { describe, expect, it } from 'vitest';
import { HashedNgrams, type HashedNgramsOptions } from '../../../src/codecs/text/hashed-ngrams.ts';
import { HashedTextCodec } from '../../../src/codecs/text/hashed-text.ts';
import { parseManifest, type HashedTextManifest } from '../../../src/repository/manifest.ts';
import { serveModel, SHIPPED } from '../serve-model.ts';

const manifest = parseManifest({
  input: { kind: 'text', hashedNgrams: { buckets: 1000 }, maxLength: 20 },
}).input as HashedTextManifest;

describe('hashed texts', () => {
  it('have the options of the encoder, no more and no less', () => {
    const options: Required<HashedNgramsOptions> = manifest.hashedNgrams;
    expect(options).toEqual({
      buckets: 1000,
      wordNgrams: [1, 2],
      wordSkips: 0,
      charNgrams: [3, 5],
      charScope: 'text',
      seed: 0,
      maxNgrams: 16_384,
    });
    // The manifest's defaults are the encoder's.
    const encode = (from: HashedNgramsOptions) => new HashedNgrams(from).encode('some words');
    expect(encode(options)).toEqual(encode({ buckets: 1000 }));
  });

  it.each(['INT32', 'INT64'] as const)(
    'stand one after the other in a batch of %s',
    async (type) => {
      const codec = new HashedTextCodec(manifest, type);
      const texts = ['one', 'two words', '?!'];
      const encoded = await Promise.all(
        texts.map(async (text) => codec.prepare({ text }).encode()),
      );
      const { indices, segments } = codec.collate(encoded);
      const ngrams = new HashedNgrams(manifest.hashedNgrams);
      const expected = texts.map((text) => [...ngrams.encode(ngrams.normalise(text))]);
      expect(indices).toMatchObject({ datatype: type, shape: [expected.flat().length] });
      expect(Array.from(indices!.data as BigInt64Array, Number)).toEqual(expected.flat());
      expect(Array.from(segments!.data as BigInt64Array, Number)).toEqual(
        expected.flatMap((buckets, row) => buckets.map(() => row)),
      );
    },
  );

  it('have one key however they were written, and a limit', () => {
    const codec = new HashedTextCodec(manifest, 'INT32');
    expect(codec.prepare({ text: ' Hello, WORLD!' }).key).toBe('hello world');
    expect(() => codec.prepare({ text: 'x'.repeat(21) })).toThrow(
      'text has 21 characters; at most 20 are allowed.',
    );
    expect(() => codec.prepare({ text: '' })).toThrow('text must not be empty.');
  });

  it('are what the shipped model banking77 reads', async () => {
    const served = await serveModel(SHIPPED, 'banking77');
    const { examples } = served.folder.manifest!;
    const answers = await served.predict(...examples.map(({ input }) => input));
    expect(answers.map(({ prediction }) => prediction)).toEqual(
      examples.map(({ prediction }) => prediction),
    );
    expect(served.codecs.output.labels).toHaveLength(77);
  });
});
