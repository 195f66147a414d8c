import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CHART,
  type KubernetesObject,
  MANIFEST,
  objectsOf,
  plainManifest,
  renderChart,
  RULES_TEMPLATE,
  rulesTemplate,
  shippedRules,
} from '../../scripts/render-chart.ts';
import { SETTINGS } from '../../src/config.ts';
import { CASES, type Values } from '../support/chart-cases.ts';
import { canRenderChart } from '../support/chart.ts';
import { skipsPrometheus } from '../support/prometheus.ts';
import { runApp } from '../support/running-app.ts';
import { validateObject } from '../support/validate-object.ts';

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

  it('keeps what is fetched below the size of its volume', () => {
    for (const [cacheSize, bound] of [
      ['20Gi', 0.9 * 20 * 1024 ** 3],
      ['512Mi', 0.9 * 512 * 1024 ** 2],
      ['2Ti', 0.9 * 2 * 1024 ** 4],
    ] as const) {
      const objects = render({ models: { from: 'url', url: 's3://b/p', cacheSize } });
      const { data } = find(objects, 'ConfigMap') as unknown as { data: Record<string, string> };
      const bytes = SETTINGS.modelsMaxBytes.schema.parse(data.MODELS_MAX_BYTES ?? '');
      expect(bytes).toBeLessThanOrEqual(bound);
      expect(bytes).toBeGreaterThan(0.95 * bound);
      expect(JSON.stringify(find(objects, 'Deployment'))).toContain(`"sizeLimit":"${cacheSize}"`);
    }
  });

  it('starts the pods anew when what they read at their start changes', () => {
    const checksum = (values: Values) =>
      (
        find(render(values), 'Deployment') as unknown as {
          spec: { template: { metadata: { annotations: Record<string, string> } } };
        }
      ).spec.template.metadata.annotations['checksum/settings'];
    const sums = [
      {},
      { settings: { LOG_LEVEL: 'debug' } },
      { drainDelayMs: 5001 },
      { access: { file: 'keys: []' } },
      { grpc: { enabled: false } },
    ].map(checksum);
    expect(new Set(sums).size).toBe(sums.length);
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
    const app = await runApp({ grpcPort: 0 });
    try {
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
        expect((await app.get(container[probe].httpGet.path)).status, probe).toBe(200);
        expect(container.ports.map(({ name }) => name)).toContain(container[probe].httpGet.port);
      }
    } finally {
      await app.stop();
    }
    expect(container.ports.find(({ name }) => name === 'http')?.containerPort).toBe(
      Number(data.PORT),
    );
  });

  it('scales by metrics that the server has', async () => {
    const text = JSON.stringify(render(CASES.KEDA ?? {}));
    const app = await runApp({ defaultModel: 'penguins' });
    try {
      const input = { features: { island: 'Dream', body_mass_g: 3700 } };
      expect((await app.post('/predict', { input })).status).toBe(200);
      const { text: page } = await app.get('/metrics/prometheus');
      const known = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
      const asked = new Set(
        [...text.matchAll(/ml_inference_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')),
      );
      expect(asked.size).toBe(2);
      expect([...asked].filter((name) => !known.has(name))).toEqual([]);
    } finally {
      await app.stop();
    }
  });

  it('has the rules that are shipped for Prometheus, asked of its own Service (npm run manifests)', () => {
    expect(readFileSync(RULES_TEMPLATE, 'utf8')).toBe(rulesTemplate());
    const values = { rules: { enabled: true }, serviceMonitor: { enabled: true } };
    const objects = render({ ...values, nameOverride: 'intents' });
    const { spec } = find(objects, 'PrometheusRule') as unknown as { spec: object };
    const shipped = JSON.stringify(shippedRules());
    expect(JSON.stringify(spec)).toBe(
      shipped.replaceAll('job=\\"ml-inference-api\\"', 'job=\\"intents\\"'),
    );
    expect(JSON.stringify(spec)).toContain('job=\\"intents\\"');
    const service = find(objects, 'Service') as unknown as {
      metadata: { labels: Record<string, string> };
    };
    const monitor = find(objects, 'ServiceMonitor') as unknown as { spec: { jobLabel: string } };
    expect(service.metadata.labels[monitor.spec.jobLabel]).toBe('intents');
  });

  it.skipIf(skipsPrometheus())('has rules and queries that Prometheus takes', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'chart-rules-'));
    try {
      const { spec } = find(render(CASES.everything ?? {}), 'PrometheusRule') as unknown as {
        spec: object;
      };
      const { spec: scaling } = find(render(CASES.KEDA ?? {}), 'ScaledObject') as unknown as {
        spec: { triggers: { metadata: { query: string } }[] };
      };
      const queries = scaling.triggers.map(({ metadata }, i) => ({
        record: `query:${i}`,
        expr: metadata.query,
      }));
      for (const [name, groups] of [
        ['rules.json', spec],
        ['queries.json', { groups: [{ name: 'queries', rules: queries }] }],
      ] as const) {
        await writeFile(path.join(folder, name), JSON.stringify(groups));
        const output = execFileSync('promtool', ['check', 'rules', path.join(folder, name)]);
        expect(output.toString()).toContain('SUCCESS');
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each<[string, Values, RegExp]>([
    ['fewer most than least replicas', { autoscaling: { minReplicas: 20 } }, /minReplicas is over/],
    ['one port for two', { grpc: { enabled: true, port: 8000 } }, /are the same/],
    ['one port of the Service for two', { service: { port: 8001 } }, /service.port are the same/],
    [
      'an endpoint behind a port that is closed',
      { settings: { AWS_ENDPOINT_URL: 'http://minio.storage:9000' } },
      /AWS_ENDPOINT_URL is at port 9000, which networkPolicy.egressPorts/,
    ],
    [
      'Redis behind a port that is closed',
      { settings: { REDIS_URL: 'redis://redis:6380/0' } },
      /REDIS_URL is at port 6380/,
    ],
  ])('refuses %s', (_name, values, message) => {
    expect(() => renderChart(values)).toThrow(message);
  });

  it('lets endpoints through that are at open ports', () => {
    const settings = { AWS_ENDPOINT_URL: 'http://minio:9000', REDIS_URL: 'redis://redis:6379' };
    render({ settings, networkPolicy: { egressPorts: [9000, 6379] } });
    render({ settings, networkPolicy: { enabled: false } });
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
