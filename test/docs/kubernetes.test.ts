import { existsSync, readFileSync } from 'node:fs';
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

  it('names files, targets and charts that there are, by the version that there is', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const files = [...PAGE.matchAll(/\b(?:deploy|test|docs)\/[\w./-]*\w/g)].map(([file]) => file);
    expect(files.length).toBeGreaterThan(6);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const tags = [...PAGE.matchAll(/ml-inference-api:([\d.]+\d)/g)].map(([, tag]) => tag);
    expect(new Set(tags)).toEqual(new Set([version]));
    const dockerfile = readFileSync('Dockerfile', 'utf8');
    for (const [, target] of PAGE.matchAll(/--target (\S+)/g)) {
      expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${target}$`, 'm'));
    }
  });

  it('has a manifest for cards that is accepted', () => {
    const { options } = parseManifest(block(/## Graphics cards/));
    expect(onnxOptionsSchema.parse(options).executionProviders).toEqual(['cuda']);
  });
});
