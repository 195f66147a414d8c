/** Defaults for what a manifest leaves open, and limits. */
export interface ServingDefaults {
  readonly workers: number;
  readonly tfjsBackend: string;
  readonly maxQueueRows: number;
  readonly loadTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly cacheTtlSeconds: number;
}
