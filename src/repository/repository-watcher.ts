import { watch, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { strayAdvice } from './stray-files.ts';

/** Options of {@link RepositoryWatcher}. */
export interface RepositoryWatcherOptions {
  /** Folder of the models. */
  readonly root: string;
  /** Takes the folder itself as the only model, of this name. */
  readonly single?: string | undefined;
  /** Time between looks, in milliseconds: the fallback where the system reports no changes. */
  readonly pollMs: number;
  /**
   * Time for which the files of a model must not have changed before they are taken, in
   * milliseconds, so that nothing half-copied is loaded. A file `.ready` in its folder newer than
   * the other files takes it at once.
   */
  readonly quietMs: number;
  /** Told of each model whose files have changed and are quiet; it may be gone. */
  onChange(name: string): void;
  /** Told when the folder cannot be read. */
  onError(error: unknown): void;
}

interface Seen {
  fingerprint: string;
  /** When the fingerprint was first seen, in `performance.now()` terms. */
  since: number;
  /** Fingerprint that was last reported. */
  reported: string;
}

/** Files that say "this copy is complete". */
const MARKER = '.ready';

/** Watches a folder of models by the times and sizes of its files. */
export class RepositoryWatcher {
  readonly #options: RepositoryWatcherOptions;
  readonly #models = new Map<string, Seen>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #closed = false;

  constructor(options: RepositoryWatcherOptions) {
    this.#options = options;
  }

  /** Takes the present state as known and begins to watch. */
  async start(): Promise<void> {
    for (const [name, { fingerprint }] of await this.#read()) {
      this.#models.set(name, { fingerprint, since: 0, reported: fingerprint });
    }
    try {
      this.#watcher = watch(this.#options.root, { recursive: true }, () =>
        this.#schedule(this.#options.quietMs),
      );
      this.#watcher.on('error', () => undefined);
      this.#watcher.unref();
    } catch {
      // Not every file system can be watched; looking from time to time is enough.
    }
    this.#schedule(this.#options.pollMs);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  /** Looks now; reports what has changed and is quiet. */
  async look(): Promise<void> {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    let waiting = false;
    try {
      const now = performance.now();
      const present = await this.#read();
      for (const name of new Set([...present.keys(), ...this.#models.keys()])) {
        const { fingerprint, marked } = present.get(name) ?? { fingerprint: '', marked: true };
        const seen = this.#models.get(name) ?? { fingerprint: '', since: now, reported: '' };
        this.#models.set(name, seen);
        if (seen.fingerprint !== fingerprint) {
          seen.fingerprint = fingerprint;
          seen.since = now;
        }
        if (fingerprint === seen.reported) continue;
        if (marked || now - seen.since >= this.#options.quietMs) {
          seen.reported = fingerprint;
          this.#options.onChange(name);
        } else waiting = true;
        if (fingerprint === '' && seen.reported === '') this.#models.delete(name);
      }
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#looking = false;
      this.#schedule(waiting ? this.#options.quietMs : this.#options.pollMs);
    }
  }

  #schedule(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), ms);
    this.#timer.unref();
  }

  async #read(): Promise<Map<string, { fingerprint: string; marked: boolean }>> {
    const entries = await readdir(this.#options.root, { withFileTypes: true });
    const found = new Map<string, { fingerprint: string; marked: boolean }>();
    const { root, single } = this.#options;
    if (single !== undefined) {
      const print = await fingerprintOf(root);
      if (print) found.set(single, print);
      return found;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      if (!entry.isDirectory() && !entry.isSymbolicLink()) {
        // What lies beside the models is not served, which is said as soon as it lies there.
        if (strayAdvice(entry.name) !== undefined) {
          found.set(entry.name, { fingerprint: 'stray', marked: false });
        }
        continue;
      }
      const print = await fingerprintOf(path.join(this.#options.root, entry.name));
      if (print) found.set(entry.name, print);
    }
    return found;
  }
}

/** Names, sizes and times of all files below a folder; `undefined` when it is gone. */
async function fingerprintOf(
  folder: string,
): Promise<{ fingerprint: string; marked: boolean } | undefined> {
  const lines: string[] = [];
  let newest = 0;
  let marker = 0;
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const { mtimeMs, size } = await stat(file);
      if (entry.name === MARKER) marker = Math.max(marker, mtimeMs);
      else newest = Math.max(newest, mtimeMs);
      lines.push(`${path.relative(folder, file)} ${size} ${mtimeMs}`);
    }
  } catch {
    // A file may go while it is looked at; the next look sees the new state.
    return undefined;
  }
  return { fingerprint: lines.sort().join('\n'), marked: marker > 0 && marker >= newest };
}
