import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  CHART,
  defaultValues,
  mergeValues,
  objectsOf,
  renderChart,
} from '../../scripts/render-chart.ts';
import { parseManifest } from '../../src/repository/manifest.ts';
import { onnxOptionsSchema } from '../../src/runtimes/engines/onnx-options.ts';
import { canRenderChart } from '../support/chart.ts';
import { validateObject } from '../support/validate-object.ts';

const PAGE = readFileSync('docs/kubernetes.md', 'utf8');

const block = (before: RegExp): unknown => {
  const found = new RegExp(`${before.source}[\\s\\S]*?\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(PAGE);
  if (!found?.[1]) throw new Error(`docs/kubernetes.md has no example after ${before.source}`);
  return parse(found[1]);
};

describe('docs/kubernetes.md', () => {
  const values = block(/<!-- example:values -->/) as Record<string, unknown>;

  it('has values that the schema takes', () => {
    const schema = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as object;
    const ajv = new Ajv({ strict: false });
    const isValid = ajv.validate(schema, mergeValues(defaultValues(), values));
    expect(isValid, ajv.errorsText()).toBe(true);
  });

  it.skipIf(!canRenderChart)('has values that make valid objects', () => {
    const objects = objectsOf(renderChart(values, { namespace: 'ml' }));
    for (const object of objects) validateObject(object);
    const kinds = objects.map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['ScaledObject', 'ServiceMonitor', 'PrometheusRule']),
    );
  });

  it('has a manifest for cards that is accepted', () => {
    const { options } = parseManifest(block(/## Graphics cards/));
    expect(onnxOptionsSchema.parse(options).executionProviders).toEqual(['cuda']);
  });
});
