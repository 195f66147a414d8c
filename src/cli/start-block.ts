import type { HealthReport, ModelStatus } from '../services/model-status.ts';
import { formatTable } from './table.ts';

/** Addresses that mean "every one of this machine". */
const EVERYWHERE = new Set(['0.0.0.0', '::', '']);

/**
 * What a person wants to know of a server that has started: where it answers and what it serves.
 *
 * @param hasPages whether GraphiQL and the documentation pages are served
 */
export function startBlock(
  {
    host,
    port,
    isEncrypted = false,
  }: { readonly host: string; readonly port: number; readonly isEncrypted?: boolean },
  { serverVersion, models }: Pick<HealthReport, 'serverVersion' | 'models'>,
  hasPages: boolean,
): string {
  const name = EVERYWHERE.has(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `${isEncrypted ? 'https' : 'http'}://${name}:${port}`;
  const places = [
    ['Console', `${url}/`],
    ['GraphQL', `${url}/graphql`],
    ['REST', hasPages ? `${url}/docs` : `${url}/predict`],
    ['Metrics', `${url}/metrics/prometheus`],
  ] as const;
  const table =
    models.length === 0
      ? 'No model is served: put a folder with a model into the folder of models.'
      : formatTable(['MODEL', 'VERSION', 'STATE', 'ENGINE', 'INPUT → OUTPUT'], models.map(rowOf));
  const lines = [
    `ML Inference API ${serverVersion}`,
    '',
    ...places.map(([place, address]) => `${place.padEnd(8)} ${address}`),
    '',
    ...table.split('\n'),
  ];
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`;
}

function rowOf(model: ModelStatus): string[] {
  const version =
    model.versions.find((each) => each.version === model.servingVersion) ?? model.versions.at(-1);
  const kinds = [model.inputKind, model.outputKind];
  return [
    model.isDefault ? `${model.name} (default)` : model.name,
    model.servingVersion ?? '–',
    model.reason === null ? model.state : `${model.state}: ${model.reason}`,
    [version?.engine, version?.backend].filter(Boolean).join(' · ') || '–',
    kinds.includes(null) ? '–' : kinds.join(' → '),
  ];
}
