import { buildSchema, parse, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelInput } from '../../console/src/api/types.ts';
import { writeSnippet } from '../../console/src/snippets/write-snippet.ts';

const schema = buildSchema(
  readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'),
);

const INPUTS: readonly (readonly [string, ModelInput])[] = [
  ['a text', { text: 'It\'s "quoted"\nand broken' }],
  ['columns', { features: { age: 41, country: 'CH', nested: { list: [1, null, true] } } }],
  ['columns whose names are no GraphQL names', { features: { 'sepal length (cm)': 1.5 } }],
  ['a column named like an enum', { features: { datatype: 'FP32' } }],
  ['an image', { image: 'data:image/png;base64,AAAA' }],
  ['a large image', { image: `data:image/png;base64,${'A'.repeat(10_000)}` }],
  ['tensors', { tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [0.5, -1e-7] }] }],
];

const call = (input: ModelInput) => ({ origin: 'http://localhost:8000', model: 'm', input });

describe('a call as code', () => {
  it.each(INPUTS)('is a valid GraphQL operation for %s', (_name, input) => {
    const text = writeSnippet('GraphQL', call(input));
    expect(validate(schema, parse(text))).toEqual([]);
  });

  it('writes the enum of a tensor bare, and a column of that name quoted', () => {
    expect(writeSnippet('GraphQL', call(INPUTS[6]![1]))).toContain('datatype: FP32');
    expect(writeSnippet('GraphQL', call(INPUTS[3]![1]))).toContain('datatype: "FP32"');
  });

  it.each(INPUTS)('is short for %s', (_name, input) => {
    for (const language of ['curl', 'TypeScript'] as const) {
      expect(writeSnippet(language, call(input)).length).toBeLessThan(1_500);
    }
  });
});
