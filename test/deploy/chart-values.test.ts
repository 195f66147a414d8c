import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { CHART, defaultValues, mergeValues } from '../../scripts/render-chart.ts';
import { SETTINGS } from '../../src/config.ts';
import { CASES, type Values } from '../support/chart-cases.ts';

const ajv = new Ajv({ allErrors: true, strict: false });
const isValid = ajv.compile(
  JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as object,
);

describe('values.schema.json', () => {
  it.each(Object.entries(CASES))('takes %s', (_name, values) => {
    expect(isValid(mergeValues(defaultValues(), values)), ajv.errorsText(isValid.errors)).toBe(
      true,
    );
  });

  it.each<[string, Values]>([
    ['a misspelt value', { replicaCounts: 3 }],
    ['a text for a number', { replicaCount: '3' }],
    ['no replica at all', { replicaCount: 0 }],
    ['a volume without its claim', { models: { from: 'volume' } }],
    ['a bucket without its address', { models: { from: 'url' } }],
    ['an address that nothing fetches', { models: { from: 'image', url: 's3://b/p' } }],
    ['a claim beside an address', { models: { from: 'url', url: 's3://b/p', claimName: 'c' } }],
    ['an image volume without its image', { models: { from: 'imageVolume' } }],
    ['tag and digest', { image: { tag: '1', digest: `sha256:${'a'.repeat(64)}` } }],
    ['an access file twice', { access: { file: 'keys: []', existingSecret: 'x' } }],
    ['a setting that the chart sets itself', { settings: { PORT: '9000' } }],
    ['a secret among the settings', { settings: { AWS_SECRET_ACCESS_KEY: 'x' } }],
    ['a setting that is no variable', { settings: { 'log level': 'x' } }],
    ['a key for no monitor', { serviceMonitor: { enabled: false, keySecret: 'k' } }],
    ['KEDA without Prometheus', { autoscaling: { type: 'keda', prometheus: '' } }],
    [
      'scaling by CPU that is not requested',
      { autoscaling: { type: 'cpu' }, resources: { requests: { cpu: null } } },
    ],
    ['a port that needs root', { port: 80 }],
    ['a volume’s folder of no volume', { models: { from: 'url', url: 's3://b/p', subPath: 'x' } }],
    [
      'keys of a bucket for a volume',
      {
        models: { from: 'volume', claimName: 'c', credentialsSecret: 'k' },
      },
    ],
    [
      'the name of one model of a folder for what is fetched',
      {
        models: { from: 'url', url: 's3://b/p' },
        settings: { MODEL_NAME: 'x' },
      },
    ],
    ['a bound of the disk beside its size', { settings: { MODELS_MAX_BYTES: '1TB' } }],
    ['a size that is none', { models: { from: 'image', cacheSize: '20' } }],
    ['a password in the open', { settings: { REDIS_URL: 'redis://user:secret@redis:6379' } }],
    [
      'annotations of an account that it does not make',
      {
        serviceAccount: { create: false, annotations: { a: 'b' } },
      },
    ],
    ['labels that the selector goes by', { podLabels: { 'app.kubernetes.io/name': 'other' } }],
    ['a name that no Service may have', { fullnameOverride: '1.inference' }],
    ['no eviction ever', { podDisruptionBudget: { maxUnavailable: 0 } }],
  ])('refuses %s', (_name, values) => {
    expect(isValid(mergeValues(defaultValues(), values))).toBe(false);
  });

  it('takes no secret of the server in the open', () => {
    const secrets = Object.values(SETTINGS)
      .map(({ env }) => env)
      .filter((name) => /SECRET|PASSWORD|TOKEN$/.test(name));
    expect(secrets.length).toBeGreaterThan(4);
    for (const name of secrets) {
      expect(isValid(mergeValues(defaultValues(), { settings: { [name]: 'x' } })), name).toBe(
        false,
      );
    }
  });

  it('explains every value', () => {
    const missing: string[] = [];
    const visit = (node: unknown, at: string): void => {
      const { properties } = node as { properties?: Record<string, { description?: string }> };
      for (const [name, inner] of Object.entries(properties ?? {})) {
        if (!inner.description) missing.push(`${at}${name}`);
        visit(inner, `${at}${name}.`);
      }
    };
    visit(JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')), '');
    expect(missing).toEqual([]);
  });
});
