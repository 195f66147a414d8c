import type { ModelStatus } from '../services/model-status.ts';

/** A model as the schema sees it: what is loaded keeps its field while its workers are down. */
export function asLoaded(model: ModelStatus): ModelStatus {
  if (model.servingVersion !== null) return model;
  const loaded = model.versions.find(({ signature }) => signature !== null);
  return loaded ? { ...model, servingVersion: loaded.version } : model;
}
