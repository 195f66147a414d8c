import type { PrincipalUsage } from '../src/services/usage.ts';
import type { Builder } from './builder.ts';

/** Defines the query `usage`. */
export function defineUsage(builder: Builder): void {
  const usage = builder.objectRef<PrincipalUsage>('PrincipalUsage');
  usage.implement({
    description: 'What a caller has used since the start of the replica that answers.',
    fields: (t) => ({
      id: t.exposeID('id', {
        description:
          'ID of an API key, `token:` and a subject, or `address:` and an address; `others` for ' +
          'callers that have long been silent.',
      }),
      name: t.exposeString('name', { description: 'Name of the caller.' }),
      calls: t.expose('calls', { type: 'SafeInt', description: 'Calls that made predictions.' }),
      rows: t.expose('rows', {
        type: 'SafeInt',
        description: 'Predictions that were asked for, including those from the cache.',
      }),
      computeMs: t.exposeFloat('computeMs', {
        description: 'Share of the compute time of the models, in milliseconds.',
      }),
      refused: t.expose('refused', {
        type: 'SafeInt',
        description: 'Calls that were refused because of a rate limit.',
      }),
      lastUsedAt: t.expose('lastUsedAt', {
        type: 'DateTime',
        description: 'Time of the last call.',
      }),
    }),
  });
  builder.queryField('usage', (t) =>
    t.field({
      type: [usage],
      description: 'Usage by caller, the heaviest first. Requires the scope access:admin.',
      resolve: (_root, _args, { services, call }) => [...services.usage.list(call)],
    }),
  );
}
