import { type Scope, SCOPES } from '../src/services/principal.ts';
import type { GrantedScope, Viewer } from '../src/services/viewer.ts';
import type { Builder } from './builder.ts';

/** Defines the query `viewer`. */
export function defineViewer(builder: Builder): void {
  const grant = builder.objectRef<GrantedScope>('GrantedScope');
  grant.implement({
    description: 'A scope that is granted to the caller.',
    fields: (t) => ({
      scope: t.exposeString('scope', {
        description: `One of ${SCOPES.map((scope: Scope) => `\`${scope}\``).join(', ')}.`,
      }),
      models: t.stringList({
        nullable: true,
        description: 'Names of the models that it is limited to; null for all models.',
        resolve: ({ models }) => models && [...models],
      }),
    }),
  });
  const viewer = builder.objectRef<Viewer>('Viewer');
  viewer.implement({
    description: 'The caller.',
    fields: (t) => ({
      id: t.exposeID('id', {
        description: 'ID of the API key, `token:` and a subject, or `address:` and an address.',
      }),
      name: t.exposeString('name', { description: 'Name of the caller.' }),
      grants: t.field({
        type: [grant],
        description: 'What the caller may do.',
        resolve: ({ grants }) => [...grants],
      }),
    }),
  });
  builder.queryField('viewer', (t) =>
    t.field({
      type: viewer,
      description: 'The caller and the scopes that it is granted.',
      resolve: (_root, _args, { services, call }) => services.viewer.describe(call),
    }),
  );
}
