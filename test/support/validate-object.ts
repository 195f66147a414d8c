import { createRequire } from 'node:module';
import { z } from 'zod';
import type { KubernetesObject } from '../../scripts/render-chart.ts';

const require = createRequire(import.meta.url);

interface Validated {
  validate(): void;
}

/** Where the typed definition of a kind is. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  'v1/ConfigMap': 'kubernetes-models/v1/ConfigMap',
  'v1/Pod': 'kubernetes-models/v1/Pod',
  'v1/Secret': 'kubernetes-models/v1/Secret',
  'v1/Service': 'kubernetes-models/v1/Service',
  'v1/ServiceAccount': 'kubernetes-models/v1/ServiceAccount',
  'apps/v1/Deployment': 'kubernetes-models/apps/v1/Deployment',
  'policy/v1/PodDisruptionBudget': 'kubernetes-models/policy/v1/PodDisruptionBudget',
  'autoscaling/v2/HorizontalPodAutoscaler':
    'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler',
  'networking.k8s.io/v1/NetworkPolicy': 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
  'keda.sh/v1alpha1/ScaledObject': '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject',
  'monitoring.coreos.com/v1/ServiceMonitor':
    '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor',
  'monitoring.coreos.com/v1/PrometheusRule':
    '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule',
};

const metadata = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** No package has the definitions of KServe: what its documentation says of the keys in use. */
const KSERVE: Readonly<Record<string, z.ZodType>> = {
  'serving.kserve.io/v1alpha1/ClusterServingRuntime': z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    spec: z.strictObject({
      annotations: z.record(z.string(), z.string()).optional(),
      supportedModelFormats: z
        .array(
          z.strictObject({
            name: z.string(),
            version: z.string().optional(),
            autoSelect: z.boolean().optional(),
            priority: z.int().min(1).optional(),
          }),
        )
        .min(1),
      protocolVersions: z.array(z.enum(['v1', 'v2', 'grpc-v1', 'grpc-v2'])).min(1),
      // The container that gets the model is found by this name.
      containers: z.tuple([z.looseObject({ name: z.literal('kserve-container') })]),
      volumes: z.array(z.looseObject({ name: z.string() })).optional(),
    }),
  }),
  'serving.kserve.io/v1beta1/InferenceService': z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    spec: z.strictObject({
      predictor: z.strictObject({
        minReplicas: z.int().min(0).optional(),
        model: z.strictObject({
          modelFormat: z.strictObject({ name: z.string(), version: z.string().optional() }),
          runtime: z.string().optional(),
          protocolVersion: z.enum(['v1', 'v2', 'grpc-v2']).optional(),
          storageUri: z.string().regex(/^[a-z0-9]+:\/\//),
        }),
      }),
    }),
  }),
};

/**
 * Checks an object against the definition of its kind.
 *
 * @throws {Error} naming the object and what is wrong; unknown keys and kinds are wrong
 */
export function validateObject(object: KubernetesObject): void {
  const kind = `${object.apiVersion}/${object.kind}`;
  try {
    const own = KSERVE[kind];
    if (own) {
      own.parse(object);
      return;
    }
    const definition = DEFINITIONS[kind];
    if (definition === undefined) throw new Error('there is no definition of this kind');
    const models = require(definition) as Record<string, new (data: unknown) => Validated>;
    const Model = models[object.kind];
    if (!Model) throw new Error('the definition has another name');
    new Model(object).validate();
  } catch (error) {
    throw new Error(`${kind} ${object.metadata.name}: ${String(error)}`, { cause: error });
  }
}
