import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../../package-root.ts';
import type { TrialResult, TrialSubject } from './trial.ts';

/** Changes with what a trial does: what older servers remember is tried anew. */
const FORMAT = 2;

const resultSchema: z.ZodType<TrialResult> = z.object({
  needsProcess: z.boolean(),
  backend: z.string().nullable(),
  recipe: z.int().min(0).nullable(),
  unwarmed: z.string().nullable(),
  batching: z.object({
    verified: z.boolean(),
    maxBatchSize: z.int().min(1),
    reason: z.string().nullable(),
  }),
});

/** Trials of the models that ship, beside them. */
const SHIPPED = path.join(PACKAGE_ROOT, 'models', '.trials');

const require = createRequire(import.meta.url);

/**
 * What trials found out, by what it depends on: the digest of a version's files and settings, and
 * the versions of the engines. A folder of small files, so that replicas can share it.
 */
export class TrialMemory {
  readonly #folder: string;
  readonly #onUnwritable: (reason: string) => void;
  #isWritable = true;

  /**
   * @param folder where new results are kept; made when the first one is
   * @param onUnwritable told once when they cannot be kept, which costs a trial at every start
   */
  constructor(folder: string, onUnwritable: (reason: string) => void) {
    this.#folder = folder;
    this.#onUnwritable = onUnwritable;
  }

  /** What is known of a version; `undefined` where it was never tried. */
  async recall(subject: TrialSubject): Promise<TrialResult | undefined> {
    const name = fileNameOf(subject);
    for (const folder of [this.#folder, SHIPPED]) {
      const text = await readFile(path.join(folder, name), 'utf8').catch(() => null);
      const parsed = text === null ? null : resultSchema.safeParse(parseJson(text));
      if (parsed?.success) return parsed.data;
    }
    return undefined;
  }

  /** Keeps what was found out. A folder that cannot be written is no reason to fail. */
  async keep(subject: TrialSubject, result: TrialResult): Promise<void> {
    const file = path.join(this.#folder, fileNameOf(subject));
    const beside = `${file}.${process.pid}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(beside, `${JSON.stringify(result)}\n`);
      await rename(beside, file);
    } catch (thrown) {
      if (this.#isWritable) this.#onUnwritable((thrown as NodeJS.ErrnoException).code ?? 'unknown');
      this.#isWritable = false;
    }
  }
}

function fileNameOf({ folder, manifest, spec }: TrialSubject): string {
  const { batching, examples } = manifest;
  const facts = [FORMAT, folder.digest, spec.engine, spec.options, batching, examples, versions()];
  return `${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 40)}.json`;
}

let known: readonly string[] | undefined;

/** Versions of the engines that are installed. */
function versions(): readonly string[] {
  return (known ??= [
    'onnxruntime-node',
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-converter',
    '@tensorflow/tfjs-backend-wasm',
  ].map((name) => versionOf(name)));
}

function versionOf(name: string): string {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    return 'none';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
