import type { Config } from '../config.ts';
import type { Services } from '../inference/services.ts';
import type { RestRoute } from './rest/route.ts';
import type { ServerPlugin } from './server-context.ts';

/** What the pages are made of. */
export interface PageSources {
  readonly config: Pick<Config, 'graphiql' | 'maxBatchInputs'>;
  readonly services: Services;
  readonly routes: readonly RestRoute[];
  readonly serverVersion: string;
}

/** Everything that people look at in a browser. */
export function createPages(_sources: PageSources): {
  paths: readonly string[];
  plugins: readonly ServerPlugin[];
} {
  return { paths: [], plugins: [] };
}
