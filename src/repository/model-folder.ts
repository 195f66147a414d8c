import type { EngineName } from '../services/engine-name.ts';
import type { Manifest } from './manifest.ts';
import type { RemoteManifest } from './manifest/remote.ts';

/** Files beside a model that its codecs may need, by what they hold; `null` where there is none. */
export interface VersionAssets {
  /** `tokenizer.json` of Hugging Face. */
  readonly tokenizer: string | null;
  /** `tokenizer_config.json`: longest input, padding token. */
  readonly tokenizerConfig: string | null;
  /** `config.json`: labels, kind of task, positions. */
  readonly config: string | null;
  /** `sentence_bert_config.json`: longest input of a sentence-transformers model. */
  readonly sentenceConfig: string | null;
}

/** A version of a model on disk. */
export interface VersionFolder {
  /** Name of the folder, usually a number. */
  readonly version: string;
  /** Folder of the version; that of the model where its files stand there without one. */
  readonly directory: string;
  readonly engine: EngineName;
  /** File or folder that the engine opens; for a remote engine the folder that files are looked for in. */
  readonly entry: string;
  /**
   * Labels of the manifest or of the file that it names, else lines of `labels.txt` of the version
   * or the model, else `id2label` of `config.json`.
   */
  readonly labels: readonly string[] | null;
  /** Paths of files that the codecs may need: those of the version, else those of the model. */
  readonly assets: VersionAssets;
  /** SHA-256 over manifest and files: two versions of one digest give the same answers. */
  readonly digest: string;
  /** Where the engine is, for a remote one. */
  readonly remote?: RemoteManifest | undefined;
}

/** A version that cannot be used, and why. */
export interface BrokenVersion {
  readonly version: string;
  readonly problem: string;
}

/** A model of the repository as its folder describes it. */
export interface ModelFolder {
  readonly name: string;
  readonly directory: string;
  /** `null` when `model.yaml` is unusable; then `problem` says why. */
  readonly manifest: Manifest | null;
  /**
   * Which sections of the manifest `model.yaml` does not have, so that they were told by the files;
   * what the engine reads may still overrule them.
   */
  readonly inferred: { readonly input: boolean; readonly output: boolean };
  readonly problem: string | null;
  /** Usable versions, oldest first. */
  readonly versions: readonly VersionFolder[];
  readonly broken: readonly BrokenVersion[];
}
