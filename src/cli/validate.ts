import type { ModelStatus } from '../services/model-status.ts';
import { namingHint } from '../tensor/generated-names.ts';
import { possibleValues } from '../../schema/federation/entities.ts';
import { toModelPath } from './model-path.ts';
import { describeBatching } from './describe-batching.ts';
import { openModels } from './offline-models.ts';
import { UsageError } from './report.ts';

/** Options of `validate`. */
export interface ValidateOptions {
  readonly models?: string;
  readonly json?: boolean;
}

/** Loads one model as the server would and prints all that it has to say; status 1 if it fails. */
export async function validateModel(
  model: string,
  { models: directory, json }: ValidateOptions,
): Promise<void> {
  const { directory: root, name } = toModelPath(model, directory);
  const models = await openModels({ directory: root, only: name });
  try {
    const status = models.catalog.get(name);
    if (!status) throw new UsageError(`There is no model "${name}" in this folder.`);
    const problems = findProblems(status);
    const hints = findHints(status);
    const isValid = problems.length === 0;
    const { warmed, batching } = status;
    const text = json
      ? JSON.stringify({ name, valid: isValid, problems, hints, warmed, batching }, null, 2)
      : [
          ...problems.map((problem) => `error: ${problem}`),
          ...hints.map((hint) => `hint: ${hint}`),
          isValid ? `${name} is valid: ${describe(status)}` : `${name} is not valid`,
          ...describeTrial(status),
        ].join('\n');
    process.stdout.write(`${text}\n`);
    if (!isValid) process.exitCode = 1;
  } finally {
    await models.close();
  }
}

function findProblems(status: ModelStatus): string[] {
  const failed = status.versions
    .filter(({ state }) => state === 'failed')
    .map(({ version, reason }) => `version ${version}: ${reason ?? 'failed to load'}`);
  const possible = possibleValues(status.outputKind);
  const entities = (status.entities ?? []).flatMap(({ type, fields }) =>
    Object.entries(fields)
      .filter(([, value]) => !possible.includes(value))
      .map(
        ([field, value]) =>
          `model.yaml, entities.${type}.fields.${field}: this kind of output has no "${value}"; ` +
          `allowed: ${possible.join(', ')}`,
      ),
  );
  if (status.servingVersion === null && failed.length === 0) {
    return [status.reason ?? 'the model cannot be loaded', ...entities];
  }
  return [...failed, ...entities];
}

/** What is not wrong but could be better. */
export function findHints({ versions, servingVersion, inputKind, outputKind }: ModelStatus) {
  const signature = versions.find(({ version }) => version === servingVersion)?.signature;
  const hint = namingHint({ signature, inputKind, outputKind });
  return hint === undefined ? [] : [hint];
}

/** What was found out by running it: whether it is warm, and whether requests are joined. */
function describeTrial({ warmed, batching, versions, servingVersion }: ModelStatus): string[] {
  const version = versions.find((each) => each.version === servingVersion);
  return [
    ...(warmed === null ? [] : [warmed ? 'warmed up' : (version?.reason ?? 'not warmed up')]),
    ...(batching ? [`batching: ${describeBatching(batching)}`] : []),
    ...(batching?.enabled ? [`  ${batching.reason}`] : []),
  ];
}

function describe({ servingVersion, inputKind, outputKind, versions }: ModelStatus): string {
  const version = versions.find((each) => each.version === servingVersion);
  const engine = [version?.engine, version?.backend].filter(Boolean).join(' · ');
  return `version ${servingVersion ?? '–'}, ${engine}, ${inputKind ?? '?'} → ${outputKind ?? '?'}`;
}
