import type { Replica } from '../api/operate-types.ts';

/** What is not the same on all replicas, in sentences. */
export function disagreements(replicas: readonly Replica[]): string[] {
  const told = replicas.filter(({ serverVersion }) => serverVersion !== null);
  const versions = group(told, ({ serverVersion }) => serverVersion ?? '');
  const sentences =
    versions.length > 1
      ? [`The replicas run different versions of the server: ${versions.join('; ')}.`]
      : [];
  const models = new Set(told.flatMap(({ models: served }) => served.map(({ name }) => name)));
  for (const name of [...models].sort()) {
    const answers = group(told, (replica) => {
      const model = replica.models.find((each) => each.name === name);
      if (!model) return 'not there';
      return model.servingVersion === null ? 'no version' : `version ${model.servingVersion}`;
    });
    if (answers.length > 1) {
      sentences.push(`${name} is not the same on all replicas: ${answers.join('; ')}.`);
    }
  }
  return sentences;
}

/** `version 2 on a1b2, c3d4`, one for each answer. */
function group(replicas: readonly Replica[], answer: (replica: Replica) => string): string[] {
  const groups = new Map<string, string[]>();
  for (const replica of replicas) {
    const key = answer(replica);
    groups.set(key, [...(groups.get(key) ?? []), shortName(replica)]);
  }
  return [...groups].map(([key, names]) => `${key} on ${names.join(', ')}`);
}

/** A name for a replica in little room. */
export function shortName({ id, host }: Replica): string {
  return `${host ?? 'replica'} ${id.slice(0, 6)}`;
}
