import path from 'node:path';

/** Folder that the models are served from: where `MODELS_URL` puts them, else `MODELS_DIR`. */
export function modelsFolder(config: {
  readonly modelsDir: string;
  readonly modelsUrl?: string | undefined;
  readonly stateDir: string;
}): string {
  return config.modelsUrl === undefined ? config.modelsDir : path.join(config.stateDir, 'models');
}
