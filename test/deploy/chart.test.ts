import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  CHART,
  defaultValues,
  type KubernetesObject,
  MANIFEST,
  mergeValues,
  objectsOf,
  plainManifest,
  renderChart,
} from '../../scripts/render-chart.ts';
import { SETTINGS } from '../../src/config.ts';
import { canRenderChart } from '../support/chart.ts';
import { validateObject } from '../support/validate-object.ts';

type Values = Record<string, unknown>;

const ajv = new Ajv({ allErrors: true, strict: false });
const isValid = ajv.compile(
  JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as object,
);

/** Values that use each part of the chart. */
const CASES: Readonly<Record<string, Values>> = {
  defaults: {},
  'a volume': { models: { from: 'volume', claimName: 'models', subPath: 'prod' } },
  'a bucket': {
    models: { from: 'url', url: 's3://models/prod', credentialsSecret: 's3-keys' },
    settings: { AWS_REGION: 'eu-central-1', WATCH_MODELS: true, MAX_QUEUE_ROWS: 5000 },
    secretSettings: 'redis-url',
  },
  'an image volume': { models: { from: 'imageVolume', imageReference: 'registry/models:3' } },
  'the autoscaler': { autoscaling: { type: 'cpu' } },
  KEDA: { autoscaling: { type: 'keda', queueWaitSeconds: 0.1 } },
  everything: {
    fullnameOverride: 'inference',
    image: { digest: `sha256:${'a'.repeat(64)}`, pullSecrets: ['registry'] },
    access: { file: 'keys:\n  - name: app\n' },
    service: { type: 'LoadBalancer', annotations: { a: 'b' } },
    serviceAccount: { annotations: { c: 'd' } },
    gpu: { count: 1 },
    serviceMonitor: { enabled: true, keySecret: 'metrics-key', labels: { release: 'prometheus' } },
    rules: { enabled: true, labels: { release: 'prometheus' } },
    networkPolicy: { ingressFrom: [{ namespaceSelector: { matchLabels: { edge: 'yes' } } }] },
    podLabels: { team: 'ml' },
    podAnnotations: { note: 'x' },
    nodeSelector: { gpu: 'yes' },
    tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  },
  'no more than must be': {
    podDisruptionBudget: { enabled: false },
    networkPolicy: { enabled: false },
    serviceAccount: { create: false },
    topologySpread: { enabled: false },
    grpc: { enabled: false },
    resources: { limits: null, requests: null },
  },
};

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
  ])('refuses %s', (_name, values) => {
    expect(isValid(mergeValues(defaultValues(), values))).toBe(false);
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

describe.skipIf(!canRenderChart)('the chart', { timeout: 120_000 }, () => {
  const render = (values: Values): KubernetesObject[] =>
    objectsOf(renderChart(values, { name: 'prod', namespace: 'ml' }));
  const find = (objects: readonly KubernetesObject[], kind: string) => {
    const found = objects.find((object) => object.kind === kind);
    if (!found) throw new Error(`there is no ${kind}`);
    return found as unknown as Record<string, never>;
  };

  it.each(Object.entries(CASES))('makes valid objects of %s', (_name, values) => {
    const objects = render(values);
    expect(objects.length).toBeGreaterThan(2);
    for (const object of objects) validateObject(object);
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('makes what the values ask for', () => {
    const kinds = (values: Values) => render(values).map(({ kind }) => kind);
    expect(kinds({}).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
    expect(kinds(CASES.KEDA ?? {})).toContain('ScaledObject');
    expect(kinds(CASES['the autoscaler'] ?? {})).toContain('HorizontalPodAutoscaler');
    expect(kinds(CASES.everything ?? {})).toEqual(
      expect.arrayContaining(['Secret', 'ServiceMonitor', 'PrometheusRule']),
    );
  });

  it('has the pods run with as few rights as there are', () => {
    for (const values of Object.values(CASES)) {
      const deployment = find(render(values), 'Deployment') as unknown as {
        spec: { template: { spec: Record<string, unknown> & { containers: object[] } } };
      };
      expect(deployment.spec.template.spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      });
    }
  });

  it('sets only what the server reads, to values that it takes', () => {
    const settings = Object.values(SETTINGS);
    for (const values of Object.values(CASES)) {
      const { data } = find(render(values), 'ConfigMap') as unknown as {
        data: Record<string, string>;
      };
      for (const [name, value] of Object.entries(data)) {
        const definition = settings.find(({ env }) => env === name);
        expect(definition, `setting ${name}`).toBeDefined();
        expect(definition?.schema.safeParse(value).success, `${name}=${value}`).toBe(true);
      }
    }
  });

  it('probes what the server answers, and gives a stop the time that it takes', async () => {
    const objects = render({});
    const { data } = find(objects, 'ConfigMap') as unknown as { data: Record<string, string> };
    const { spec } = (
      find(objects, 'Deployment') as unknown as {
        spec: { template: { spec: PodSpec } };
      }
    ).spec.template;
    const [container] = spec.containers;
    if (!container) throw new Error('there is no container');
    const seconds = (Number(data.DRAIN_DELAY_MS) + Number(data.SHUTDOWN_TIMEOUT_MS)) / 1000;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds);
    expect(
      container.startupProbe.periodSeconds * container.startupProbe.failureThreshold,
    ).toBeGreaterThanOrEqual(Number(data.LOAD_TIMEOUT_MS) / 1000);
    const routes = await import('node:fs/promises').then(({ readFile }) =>
      readFile('src/server/rest/health.ts', 'utf8'),
    );
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
      expect(routes).toContain(`'${container[probe].httpGet.path}'`);
      expect(container.ports.map(({ name }) => name)).toContain(container[probe].httpGet.port);
    }
    expect(container.ports.find(({ name }) => name === 'http')?.containerPort).toBe(
      Number(data.PORT),
    );
  });

  it('asks Prometheus for metrics that the server has', async () => {
    const text = JSON.stringify([...render(CASES.KEDA ?? {}), ...render(CASES.everything ?? {})]);
    const { runApp } = await import('../support/running-app.ts');
    const { makeModelsFolder } = await import('../support/models-folder.ts');
    const models = await makeModelsFolder();
    await models.add('penguins');
    const app = await runApp({ modelsDir: models.root });
    try {
      const input = { features: { island: 'Dream', body_mass_g: 3700 } };
      await app.post('/predict', { input });
      const { text: page } = await app.get('/metrics/prometheus');
      const known = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
      const asked = new Set(
        [...text.matchAll(/ml_inference_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')),
      );
      expect(asked.size).toBeGreaterThan(3);
      expect([...asked].filter((name) => !known.has(name))).toEqual([]);
    } finally {
      await app.stop();
      await models.remove();
    }
  });

  it.each<[string, Values, RegExp]>([
    ['fewer most than least replicas', { autoscaling: { minReplicas: 20 } }, /minReplicas is over/],
    ['one port for two', { grpc: { enabled: true, port: 8000 } }, /are the same/],
  ])('refuses %s', (_name, values, message) => {
    expect(() => renderChart(values)).toThrow(message);
  });

  it('is what the plain manifest is rendered from (npm run manifests)', () => {
    const manifest = readFileSync(MANIFEST, 'utf8');
    expect(manifest).toBe(plainManifest());
    for (const object of objectsOf({ manifest })) validateObject(object);
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(readFileSync(`${CHART}/Chart.yaml`, 'utf8')).toContain(`appVersion: ${version}`);
  });
});

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly {
    readonly startupProbe: Probe;
    readonly livenessProbe: Probe;
    readonly readinessProbe: Probe;
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  }[];
}
