import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { manifestSchema, parseManifest } from '../../src/repository/manifest.ts';
import { onnxOptionsSchema } from '../../src/runtimes/engines/onnx-options.ts';
import { tfjsOptionsSchema } from '../../src/runtimes/engines/tfjs-options.ts';

const PAGE = readFileSync('docs/models.md', 'utf8');

/** Names of all keys that a schema takes, at any depth. */
function keysOf(schema: z.ZodType): Set<string> {
  const keys = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && typeof node.properties === 'object') {
      for (const key of Object.keys(node.properties ?? {})) keys.add(key);
    }
    for (const part of Object.values(node)) visit(part);
  };
  visit(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return keys;
}

describe('docs/models.md', () => {
  it.each([
    ['model.yaml', manifestSchema],
    ['options of onnx', onnxOptionsSchema],
    ['options of tfjs', tfjsOptionsSchema],
  ])('explains every key of %s', (_name, schema) => {
    const keys = [...keysOf(schema)];
    expect(keys.length).toBeGreaterThan(0);
    const code = [...PAGE.matchAll(/`([^`\n]+)`/g)].flatMap(([, words = '']) =>
      words.split(/[^A-Za-z]+/),
    );
    expect(keys.filter((key) => !code.includes(key))).toEqual([]);
  });

  const examples = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);

  it('has examples', () => expect(examples.length).toBeGreaterThan(5));

  it.each(examples)('has examples that are accepted: %s', (yaml) => {
    expect(() => parseManifest(parse(yaml))).not.toThrow();
  });
});
