import type { GraphQLSchema } from 'graphql';
import type { Builder } from '../builder.ts';
import type { ModelCostReader } from '../../src/services/model-costs.ts';
import { weightsFor } from '../cost.ts';
import { printSubgraph } from './sdl.ts';

/** Most SDLs that are kept: one for each set of models that a caller may see. */
const MAX_KEPT = 32;

/**
 * Defines `_service`, by which a router fetches the schema. It shows what the caller may see.
 *
 * @param served names of the models that the schema was built from
 * @param buildFor builds the schema of some of them
 * @param costs what it says of costs. @default nothing
 */
export function defineService(
  builder: Builder,
  served: readonly string[],
  buildFor: (visible: ReadonlySet<string>) => GraphQLSchema,
  costs?: ModelCostReader,
): void {
  const kept = new Map<string, string>();
  const service = builder.objectRef<{ readonly sdl: string }>('_Service');
  service.implement({
    description: 'This server as a subgraph of a federated graph.',
    fields: (t) => ({
      sdl: t.exposeString('sdl', {
        description: 'The schema with the directives of Apollo Federation 2.',
      }),
    }),
  });
  builder.queryField('_service', (t) =>
    t.field({
      type: service,
      description: 'The schema that the caller may see, for routers of a federated graph.',
      resolve: (_root, _args, { services, call }, { schema }) => {
        const models = services.models.list(call);
        const seen = new Set(models.map(({ name }) => name));
        const visible = served.filter((name) => seen.has(name));
        const weights = costs && weightsFor(costs, models);
        const key = [...visible, weights?.key].join('\n');
        let sdl = kept.get(key);
        if (sdl === undefined) {
          const isAll = visible.length === served.length;
          sdl = printSubgraph(isAll ? schema : buildFor(new Set(visible)), weights);
          if (kept.size >= MAX_KEPT) kept.clear();
          kept.set(key, sdl);
        }
        return { sdl };
      },
    }),
  );
}
