/** Values of the chart. */
export type Values = Record<string, unknown>;

/** Values that use each part of the chart. */
export const CASES: Readonly<Record<string, Values>> = {
  defaults: {},
  'a volume': { models: { from: 'volume', claimName: 'models', subPath: 'prod' } },
  'a bucket': {
    models: { from: 'url', url: 's3://models/prod', credentialsSecret: 's3-keys' },
    // Large numbers are written as such, not as powers of ten.
    settings: {
      AWS_REGION: 'eu-central-1',
      WATCH_MODELS: true,
      MAX_QUEUE_ROWS: 5000,
      MAX_BODY_BYTES: 104_857_600,
      CACHE_MAX_BYTES: 20_000_000_000,
      OTEL_TRACES_SAMPLER_ARG: 0.25,
    },
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
