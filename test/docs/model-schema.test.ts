import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { printModelSchema } from '../../scripts/print-model-schema.ts';

const text = readFileSync('schema/model.schema.json', 'utf8');

describe('the JSON Schema of model.yaml', () => {
  it('is up to date (npm run docs writes it)', () => {
    expect(JSON.parse(text)).toEqual(JSON.parse(printModelSchema()));
  });

  const check = z.fromJSONSchema(JSON.parse(text) as z.core.JSONSchema.JSONSchema);

  it.each(
    readdirSync('models').filter((name) =>
      readdirSync(path.join('models', name)).includes('model.yaml'),
    ),
  )('accepts the model.yaml of %s, which refers to it', (name) => {
    const yaml = readFileSync(path.join('models', name, 'model.yaml'), 'utf8');
    expect(check.safeParse(parse(yaml)).success).toBe(true);
    expect(yaml).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/\.\.\/schema\/model\.schema\.json/,
    );
  });

  it.each([
    ['a misspelt key', { desciption: 'x' }],
    ['a kind that there is not', { input: { kind: 'audio' } }],
    ['an option of another kind', { input: { kind: 'image', columns: [] } }],
    ['an entity without fields', { entities: { Product: { input: { text: 'title' } } } }],
  ])('refuses %s', (_what, content) => {
    expect(check.safeParse(content).success).toBe(false);
  });
});
