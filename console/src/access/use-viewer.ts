import { VIEWER } from '../api/operate.ts';
import { useQuery } from '../api/use-query.ts';

/** Time between two looks, in milliseconds. */
const REFRESH_MS = 60_000;

/** Tells whether the one who looks at the page may do something with a model. */
export type May = (scope: string, model?: string) => boolean;

/** What the one who looks at the page may do; nothing until it is known. */
export function useViewer(): May {
  const { data } = useQuery(VIEWER, {}, REFRESH_MS);
  return (scope, model) =>
    data?.viewer.grants.some(
      ({ scope: granted, models }) =>
        granted === scope && (model === undefined || models === null || models.includes(model)),
    ) ?? false;
}
