import { loadConfig } from '../config.ts';
import { ModelRepository } from '../repository/model-repository.ts';
import { modelsFolder } from '../repository/models-folder.ts';

/** Scopes that the models of `MODELS_DIR` ask for; none where the folder cannot be read. */
export async function modelScopes(): Promise<readonly string[]> {
  try {
    const config = loadConfig(process.env);
    const repository = new ModelRepository(modelsFolder(config), config.modelName);
    const folders = await repository.scan();
    const scopes = folders.flatMap(({ manifest }) => manifest?.access.scope ?? []);
    return [...new Set(scopes)].sort();
  } catch {
    return [];
  }
}
