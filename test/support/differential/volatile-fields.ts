/**
 * Fields whose values differ from one request to the next: names, times, and counters that each
 * prediction moves. Their names start their aliases, so that an answer can be read without its
 * document.
 */
const VOLATILE = new Set([
  // Prediction and batch
  'id',
  'cached',
  'latencyMs',
  'timings',
  'details',
  // Health
  'uptimeSeconds',
  // Metrics, usage and comparisons
  'metrics',
  'usage',
  'metricsHistory',
  'recentRequests',
  'replicas',
  // Who asks
  'viewer',
  'modelComparison',
  'comparison',
]);

/** Whether the value of a field is one that no two answers share. */
export function isVolatile(field: string): boolean {
  return VOLATILE.has(field);
}

/** An answer in JSON with the values of volatile fields left out, its keys in their order. */
export function withoutVolatile(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => {
    const [field = ''] = key.split('__');
    return isVolatile(field) && value !== null ? '…' : value;
  });
}
