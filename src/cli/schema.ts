import { buildSchema } from '../../schema/index.ts';
import { printSortedSchema } from '../../schema/print.ts';
import { loadConfig } from '../config.ts';
import { openModels } from './offline-models.ts';
import { LoadProgress } from './progress.ts';

/** Prints the GraphQL schema, with the fields of the models of a folder where one is given. */
export async function showSchema({ models: directory }: { models?: string }): Promise<void> {
  const config = loadConfig(process.env);
  if (directory === undefined) {
    process.stdout.write(printSortedSchema(buildSchema([], config)));
    return;
  }
  const progress = new LoadProgress();
  const models = await openModels({ directory, onState: progress.update });
  progress.end();
  process.stdout.write(printSortedSchema(buildSchema(models.catalog.list(), config)));
  await models.close();
}
