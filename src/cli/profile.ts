import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { measuredModel } from '../prediction/drift/measured-model.ts';
import { internalCall } from '../services/call.ts';
import type { ServedVersion } from '../serving/served-version.ts';
import { buildProfile, type ReferenceRow } from '../telemetry/drift/build-profile.ts';
import type { MeasuredPrediction } from '../telemetry/drift/feature-reader.ts';
import type { Profile } from '../telemetry/drift/profile.ts';
import { fitTemperature, type LabelledLogits } from '../telemetry/drift/temperature.ts';
import { openModels, type OfflineModels } from './offline-models.ts';
import { readRows, type DataRow } from './profile-rows.ts';
import { UsageError } from './report.ts';

/** Options of `profile`. */
export interface ProfileOptions {
  readonly data?: string;
  readonly fromLive?: boolean;
  readonly label?: string;
  readonly without?: string;
  readonly modelVersion?: string;
  readonly out?: string;
  readonly url: string;
  readonly key?: string;
  readonly models?: string;
}

/** Rows that are predicted at once. */
const AT_ONCE = 256;

/** Time that one prediction may take, in milliseconds. */
const TIMEOUT_MS = 600_000;

/** Makes the profile of a model and writes it. */
export async function makeProfile(model: string, options: ProfileOptions): Promise<void> {
  if ((options.data === undefined) === (options.fromLive !== true)) {
    throw new UsageError('Give one of --data FILE and --from-live.');
  }
  if (options.data === undefined) await freeze(model, options);
  else await fromData(model, options.data, options);
}

async function fromData(model: string, file: string, options: ProfileOptions): Promise<void> {
  const models = await openModels({ directory: options.models, only: model });
  try {
    const served = models.catalog.resolve(model, options.modelVersion);
    const measured = measuredModel(served);
    if (!measured) throw new UsageError(`${model} cannot be used.`);
    const { columns, inputKind } = measured;
    const data = await readRows(file, {
      kind: inputKind,
      columns,
      label: options.label,
      version: served.version,
    });
    const rows = await measure(models, served, data);
    const profile = buildProfile(
      {
        model: served.model,
        version: served.version,
        measured,
        without: options.without?.split(',').map((name) => name.trim()) ?? [],
      },
      rows,
    );
    const out = options.out ?? path.join(served.directory, 'profile.json');
    await write(out, profile);
    tell(out, profile, temperatureOf(served, data));
  } finally {
    await models.close();
  }
}

/** Predicts the rows; those that bring outputs of their own are read from them. */
async function measure(
  models: OfflineModels,
  served: ServedVersion,
  data: readonly DataRow[],
): Promise<ReferenceRow[]> {
  const { live } = served;
  if (!live) throw new UsageError(`${served.model} cannot be used.`);
  // A model is surer of the rows that it has learnt from than of any others.
  const bringsOutputs = data.some(({ outputs }) => outputs !== undefined);
  const needsTensors = live.input.kind === 'image' || live.input.kind === 'tensors';
  const predictionOf = async (row: DataRow): Promise<MeasuredPrediction | null> => {
    const { input, outputs, recorded, isRedacted = false } = row;
    if (outputs) return readOutputs(served, outputs);
    if (!input || isRedacted) return recorded ? { ...recorded, entropy: null, outputs: [] } : null;
    if (bringsOutputs) return null;
    return models.predictor.predict(internalCall('command-line'), {
      model: served.model,
      version: served.version,
      input,
      timeoutMs: TIMEOUT_MS,
    });
  };
  const one = async (row: DataRow, at: number): Promise<ReferenceRow> => {
    const { input, actual, group, isRedacted = false } = row;
    try {
      const prediction = await predictionOf(row);
      if (!input || isRedacted) return { input, tensors: null, prediction, actual, group };
      const prepared = live.input.prepare(input);
      const tensors = needsTensors ? (await prepared.encode()).tensors : null;
      return { input, tensors, prediction, actual, group };
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      throw new UsageError(`Row ${at + 1}: ${message}`);
    }
  };
  const rows: ReferenceRow[] = [];
  for (let from = 0; from < data.length; from += AT_ONCE) {
    const part = data.slice(from, from + AT_ONCE);
    rows.push(...(await Promise.all(part.map((row, i) => one(row, from + i)))));
  }
  return rows;
}

function readOutputs(
  { live }: ServedVersion,
  given: Readonly<Record<string, readonly number[]>>,
): MeasuredPrediction | null {
  if (!live) return null;
  const tensors = Object.entries(given).map(([name, values]) => {
    const data = Float32Array.from(values);
    return { name, datatype: 'FP32', shape: [1, data.length], data } as const;
  });
  const outputs = Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor]));
  const { output } = live;
  return {
    prediction: output.prediction(outputs),
    confidence: output.confidence(outputs),
    entropy: output.entropy?.(outputs) ?? null,
    outputs: tensors,
  };
}

/** The temperature that fits the rows whose logits and labels are known. */
function temperatureOf({ live }: ServedVersion, data: readonly DataRow[]): number | null {
  const labels = live?.output.labels ?? [];
  const [name] = live?.output.needed ?? [];
  const known = data.flatMap(({ outputs, actual }): LabelledLogits[] => {
    const logits = name === undefined ? undefined : outputs?.[name];
    const label = labels.indexOf(String(actual));
    return logits && label >= 0 && logits.length > 1 ? [{ logits, label }] : [];
  });
  return known.length < 50 ? null : fitTemperature(known);
}

async function freeze(model: string, options: ProfileOptions): Promise<void> {
  const { url, key, modelVersion: version, out } = options;
  const address = new URL(`/models/${encodeURIComponent(model)}/drift/profile`, url);
  if (version !== undefined) address.searchParams.set('version', version);
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: '{}',
  }).catch(() => {
    throw new UsageError(`There is no server at ${url}.`);
  });
  const body = (await response.json().catch(() => null)) as {
    error?: { code: string; message: string };
  } | null;
  if (!response.ok || !body) {
    const { code, message } = body?.error ?? {
      code: String(response.status),
      message: 'no answer',
    };
    throw new UsageError(`${code}: ${message}`);
  }
  const profile = body as unknown as Profile;
  if (out !== undefined) await write(out, profile);
  tell(out ?? 'the state of the server', profile, null);
}

const write = (file: string, profile: Profile): Promise<void> =>
  writeFile(file, `${JSON.stringify(profile)}\n`);

function tell(where: string, profile: Profile, temperature: number | null): void {
  const { features, rows, accuracy } = profile;
  const lines = [`${rows} rows, ${features.length} features: written to ${where}`];
  if (accuracy) {
    lines.push(
      `accuracy ${(accuracy.accuracy * 100).toFixed(2)} %, mean confidence ${(accuracy.meanConfidence * 100).toFixed(2)} %, ` +
        `expected calibration error ${accuracy.expectedCalibrationError.toFixed(4)} (${accuracy.rows} rows)`,
    );
  }
  if (temperature !== null) {
    lines.push(`the temperature that fits these rows best: ${temperature.toFixed(3)}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
