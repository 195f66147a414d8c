import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { groupModels } from './group-models.ts';
import type { HttpRequest, SourceClient } from './http.ts';
import { listArtifacts, type ArtifactStore } from './mlflow-artifacts.ts';
import { textFile } from './text-file.ts';
import { type ModelSource, SourceError, type SourceFile, type SourceListing } from './source.ts';

/** Options of {@link MlflowSource}. */
export interface MlflowOptions {
  /** Name of the registered model. */
  readonly model: string;
  /** An alias. @default all that there are */
  readonly alias?: string | undefined;
  /** A version's number. */
  readonly version?: string | undefined;
  /** Name that it is served under. */
  readonly name: string;
  /** `MLFLOW_TRACKING_URI`. */
  readonly trackingUri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly client: SourceClient;
  /** Reads artifacts that are kept in a bucket. */
  readonly openBucket: ArtifactStore['openBucket'];
}

const versionSchema = z.object({
  version: z.union([z.string(), z.number()]).transform(String),
  source: z.string().nullish(),
  run_id: z.string().nullish(),
  status: z.string().nullish(),
});

const modelVersionSchema = z.object({ model_version: versionSchema });

const registeredModelSchema = z.object({
  registered_model: z.object({
    aliases: z
      .array(
        z.object({
          alias: z.string(),
          version: z.union([z.string(), z.number()]).transform(String),
        }),
      )
      .nullish(),
    latest_versions: z.array(versionSchema).nullish(),
  }),
});

const uriSchema = z.object({ artifact_uri: z.string().nullish() });

type ModelVersion = z.infer<typeof versionSchema>;

/** A registered model of MLflow; its aliases become labels of versions. */
export class MlflowSource implements ModelSource {
  readonly label: string;
  readonly #options: MlflowOptions;

  constructor(options: MlflowOptions) {
    const { model, alias, version } = options;
    this.#options = options;
    const which = alias !== undefined ? `@${alias}` : version !== undefined ? `/${version}` : '';
    this.label = `mlflow:${model}${which}`;
  }

  async list({ signal }: { readonly signal: AbortSignal }): Promise<SourceListing> {
    const { name } = this.#options;
    const { versions, labels } = await this.#wanted(signal);
    const files: SourceFile[] = [];
    let manifest: SourceFile | undefined;
    for (const version of versions) {
      if (!/^\d{1,18}$/.test(version.version)) {
        throw new SourceError(`${this.label} has a version ${JSON.stringify(version.version)}`);
      }
      const artifacts = await this.#artifacts(version, signal);
      if (artifacts.length === 0) {
        throw new SourceError(`${this.label}: version ${version.version} has no artifacts`);
      }
      for (const file of artifacts) {
        // The manifest of the newest version is that of the model.
        if (file.path === 'model.yaml') manifest = file;
        else files.push({ ...file, path: `${version.version}/${file.path}` });
      }
    }
    const given = manifest === undefined ? {} : await this.#readManifest(manifest, signal);
    const numbers = versions.map(({ version }) => version);
    const shown = labels.filter(([, version]) => numbers.includes(version));
    files.push(textFile('model.yaml', stringify(withLabels(given, shown))));
    const { models, refused } = await groupModels(files, {
      name,
      nameAtTop: name,
      rename: (file) => file,
    });
    return { models: Array.from(models, ([model, its]) => ({ name: model, files: its })), refused };
  }

  /** The versions that are wanted, oldest first, and all aliases. */
  async #wanted(
    signal: AbortSignal,
  ): Promise<{ versions: ModelVersion[]; labels: [label: string, version: string][] }> {
    const { model, alias, version } = this.#options;
    const query = new URLSearchParams({ name: model });
    if (alias !== undefined) {
      const found = await this.#ask(
        `registered-models/alias?${new URLSearchParams({ name: model, alias }).toString()}`,
        modelVersionSchema,
        signal,
      );
      const only = this.#ready(found.model_version);
      return { versions: [only], labels: [[alias, only.version]] };
    }
    if (version !== undefined)
      return { versions: [await this.#version(version, signal)], labels: [] };
    const { registered_model: registered } = await this.#ask(
      `registered-models/get?${query.toString()}`,
      registeredModelSchema,
      signal,
    );
    const labels = (registered.aliases ?? []).map((each): [string, string] => [
      each.alias,
      each.version,
    ]);
    const latest = [...(registered.latest_versions ?? [])].sort(byNumber).at(-1);
    const numbers = new Set(labels.map(([, number]) => number));
    if (numbers.size === 0 && latest) numbers.add(latest.version);
    if (numbers.size === 0) throw new SourceError(`${this.label} has no version`);
    const versions = await Promise.all([...numbers].map((number) => this.#version(number, signal)));
    return { versions: versions.sort(byNumber), labels };
  }

  async #version(version: string, signal: AbortSignal): Promise<ModelVersion> {
    const query = new URLSearchParams({ name: this.#options.model, version });
    const found = await this.#ask(
      `model-versions/get?${query.toString()}`,
      modelVersionSchema,
      signal,
    );
    return this.#ready(found.model_version);
  }

  #ready(version: ModelVersion): ModelVersion {
    const status = version.status ?? 'READY';
    if (status === 'READY') return version;
    throw new SourceError(`${this.label}: version ${version.version} is ${status}`);
  }

  async #artifacts(version: ModelVersion, signal: AbortSignal): Promise<SourceFile[]> {
    const { model, trackingUri, headers, client, openBucket } = this.#options;
    const query = new URLSearchParams({ name: model, version: version.version });
    const { artifact_uri: uri } = await this.#ask(
      `model-versions/get-download-uri?${query.toString()}`,
      uriSchema,
      signal,
    );
    return listArtifacts(uri ?? version.source ?? '', version.run_id ?? null, {
      label: `${this.label} version ${version.version}`,
      base: trackingUri.replace(/\/+$/, ''),
      headers,
      client,
      openBucket,
      signal,
    });
  }

  async #readManifest(file: SourceFile, signal: AbortSignal): Promise<Record<string, unknown>> {
    return this.#options.client.retry(signal, async () => {
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of (await file.open(signal)).body) {
        bytes += piece.byteLength;
        if (bytes > 1024 * 1024) throw new SourceError(`${this.label}: model.yaml is over 1 MB`);
        pieces.push(piece);
      }
      try {
        const content = parse(Buffer.concat(pieces).toString('utf8')) as unknown;
        return typeof content === 'object' && content !== null ? { ...content } : {};
      } catch {
        throw new SourceError(`${this.label}: model.yaml is not valid YAML`);
      }
    });
  }

  async #ask<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const { trackingUri, headers, client } = this.#options;
    const request: HttpRequest = {
      url: `${trackingUri.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`,
      label: this.label,
      headers,
      signal,
      explain: errorCode,
    };
    const parsed = schema.safeParse((await client.json(request)).value);
    if (!parsed.success) throw new SourceError(`${this.label} does not answer as MLflow does`);
    return parsed.data;
  }
}

const byNumber = (a: ModelVersion, b: ModelVersion): number =>
  Number(a.version) - Number(b.version);

/** A manifest with aliases among its labels; those that it has itself go before. */
function withLabels(
  manifest: Record<string, unknown>,
  labels: readonly (readonly [string, string])[],
): Record<string, unknown> {
  const versions =
    typeof manifest.versions === 'object' && manifest.versions !== null ? manifest.versions : {};
  const own = 'labels' in versions && typeof versions.labels === 'object' ? versions.labels : {};
  return {
    ...manifest,
    versions: {
      serve: 'all',
      ...versions,
      labels: { ...Object.fromEntries([...labels].sort()), ...own },
    },
  };
}

/** `error_code` of an answer of MLflow. */
function errorCode(body: string): string | null {
  return /"error_code"\s*:\s*"([A-Z_]{1,64})"/.exec(body)?.[1] ?? null;
}
