import type { ModelStatus } from '../services/model-status.ts';
import { describeBatching } from './describe-batching.ts';
import { openModels } from './offline-models.ts';
import { LoadProgress } from './progress.ts';
import { formatTable } from './table.ts';

/** Options of `models`. */
export interface ModelsOptions {
  readonly models?: string;
  /** The former name of `--models`. */
  readonly dir?: string;
  readonly json?: boolean;
}

/** Loads all models and prints what each is; status 1 when one cannot be used. */
export async function listModels({ models: folder, dir, json }: ModelsOptions): Promise<void> {
  const progress = new LoadProgress();
  const models = await openModels({ directory: dir ?? folder, onState: progress.update });
  const list = models.catalog.list();
  progress.end();
  if (json) process.stdout.write(`${JSON.stringify(list.map(toJson), null, 2)}\n`);
  else process.stdout.write(`${describe(list)}\n`);
  if (list.some(({ servingVersion }) => servingVersion === null)) process.exitCode = 1;
  await models.close();
}

function describe(list: readonly ModelStatus[]): string {
  if (list.length === 0) return 'There is no model in this folder.';
  return formatTable(
    ['MODEL', 'VERSIONS', 'ENGINE', 'INPUT → OUTPUT', 'BATCHES', 'STATE'],
    list.map((model) => {
      const version = servingVersion(model);
      const kinds = [model.inputKind, model.outputKind];
      return [
        model.isDefault ? `${model.name} (default)` : model.name,
        model.versions.map((each) => each.version).join(', ') || '–',
        [version?.engine, version?.backend].filter(Boolean).join(' · ') || '–',
        kinds.includes(null) ? '–' : kinds.join(' → '),
        model.batching ? describeBatching(model.batching) : '–',
        model.servingVersion === null
          ? `invalid: ${model.reason ?? 'no reason is known'}`
          : `valid, loaded in ${Math.round(version?.loadMs ?? 0)} ms${model.warmed ? '' : `, ${version?.reason ?? 'not warmed up'}`}`,
      ];
    }),
  );
}

function servingVersion({ versions, servingVersion }: ModelStatus) {
  return versions.find(({ version }) => version === servingVersion) ?? versions.at(-1);
}

function toJson(model: ModelStatus): object {
  return {
    name: model.name,
    description: model.description,
    default: model.isDefault,
    valid: model.servingVersion !== null,
    reason: model.reason,
    serving_version: model.servingVersion,
    warmed: model.warmed,
    batching: model.batching,
    input_kind: model.inputKind,
    output_kind: model.outputKind,
    labels: model.labels,
    columns: model.columns,
    versions: model.versions,
  };
}
