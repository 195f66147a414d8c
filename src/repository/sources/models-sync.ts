import { rm } from 'node:fs/promises';
import { UNKNOWN_SOURCE } from './model-index.ts';
import type { FetchProgress, ModelStore } from './model-store.ts';
import { type ModelSource, SourceError, type SourceListing, type SourceModel } from './source.ts';

/** Least time between two reports of progress, in milliseconds. */
const PROGRESS_MS = 5_000;

/** Most lines of {@link ModelsSync.problems}: health is read by people. */
const MAX_PROBLEMS = 20;

/** Options of {@link ModelsSync}. */
export interface ModelsSyncOptions {
  readonly sources: readonly ModelSource[];
  readonly store: ModelStore;
  /** Time between looks at the sources, in milliseconds; 0 looks at the start only. */
  readonly pollMs: number;
  readonly events: ModelsSyncEvents;
}

/** What is told of the models on their way, for the log. */
export interface ModelsSyncEvents {
  onFetching(model: string, source: string, progress: FetchProgress): void;
  onFetched(model: string, source: string, ms: number): void;
  onRemoved(model: string, source: string): void;
  /** A source or a model of it cannot be taken; told once until that changes. */
  onProblem(what: string, problem: string): void;
  /** What could not be taken can be again. */
  onRecovered(what: string): void;
}

/** Keeps the models of a store as their sources have them. */
export class ModelsSync {
  readonly #options: ModelsSyncOptions;
  readonly #problems = new Map<string, string>();
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: ModelsSyncOptions) {
    this.#options = options;
  }

  /**
   * One line for each source or model that cannot be taken now, up to {@link MAX_PROBLEMS}; what was
   * fetched before serves.
   */
  problems(): string[] {
    const lines = Array.from(
      this.#problems,
      ([what, problem]) => `${what} is not fetched: ${problem}`,
    );
    const more = lines.length - MAX_PROBLEMS;
    return more > 0 ? [...lines.slice(0, MAX_PROBLEMS), `${more} more are not fetched`] : lines;
  }

  /**
   * Opens the store and looks at all sources once, then from time to time.
   *
   * @throws {SourceError} when the store cannot be made
   */
  async start(): Promise<void> {
    try {
      await this.#options.store.open();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new SourceError(
        `STATE_DIR, where models are fetched to, cannot be written (${code ?? 'unknown error'}).`,
        { cause: error },
      );
    }
    await this.look();
    this.#schedule();
  }

  /** Looks at all sources now. Never throws: what cannot be taken is a problem. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Ends what is under way; what was fetched in part is dropped. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#abort.abort();
    await this.#looking;
  }

  #schedule(): void {
    const { pollMs } = this.#options;
    if (pollMs === 0 || this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => void this.look().then(() => this.#schedule()), pollMs);
    this.#timer.unref();
  }

  async #lookAtAll(): Promise<void> {
    const { sources, store } = this.#options;
    const labels = new Set(sources.map(({ label }) => label));
    for (const label of store.sources()) {
      if (labels.has(label) || label === UNKNOWN_SOURCE) continue;
      for (const name of store.modelsOf(label)) await this.#remove(name, label);
    }
    const taken = new Set<string>();
    for (const source of sources) {
      if (this.#abort.signal.aborted) return;
      await this.#lookAt(source, taken);
    }
    // While a source is away, what nothing is known of may be its last good copy.
    if (this.#problems.size > 0) return;
    for (const name of store.modelsOf(UNKNOWN_SOURCE))
      await this.#remove(name, 'an unknown source');
  }

  async #lookAt(source: ModelSource, taken: Set<string>): Promise<void> {
    const { store } = this.#options;
    const { label } = source;
    const { signal } = this.#abort;
    let scratch: string | undefined;
    try {
      scratch = await store.scratch();
      const state = await store.stateOf(label);
      const { budget } = await store.budget(label);
      const listing = await source.list({ signal, scratch, state, budget });
      const before = store.modelsOf(label);
      if (listing === 'unchanged') {
        for (const name of before) taken.add(name);
        this.#settle(label, undefined);
        return;
      }
      if (listing.models.length === 0 && listing.refused.length === 0 && before.length > 0) {
        // A bucket that was emptied by mistake, or a prefix that was renamed, ends no service.
        throw new SourceError('it holds no model any more; the last good copy stays');
      }
      const isWhole = await this.#take(source, listing, taken);
      await store.setState(label, isWhole ? listing.state : undefined);
      const empty = listing.models.length + listing.refused.length === 0;
      this.#settle(label, empty ? 'it holds no model' : undefined);
    } catch (error) {
      for (const name of store.modelsOf(label)) taken.add(name);
      if (!signal.aborted) this.#settle(label, messageOf(error));
    } finally {
      if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
    }
  }

  /** Takes what a source has; answers whether all of it could be taken. */
  async #take(source: ModelSource, listing: SourceListing, taken: Set<string>): Promise<boolean> {
    const { store } = this.#options;
    const { label } = source;
    let isWhole = listing.refused.length === 0;
    const refused = new Set(listing.refused.map(({ name }) => name));
    for (const { name, problem } of listing.refused)
      this.#settle(`${label}: model "${name}"`, problem);
    for (const model of listing.models) {
      const what = `${label}: model "${model.name}"`;
      if (taken.has(model.name)) {
        this.#settle(what, 'another source gives a model of this name');
        continue;
      }
      taken.add(model.name);
      try {
        await this.#update(model, label);
        this.#settle(what, undefined);
      } catch (error) {
        if (this.#abort.signal.aborted) throw error;
        isWhole = false;
        this.#settle(what, messageOf(error));
      }
    }
    const present = new Set([...listing.models.map(({ name }) => name), ...refused]);
    for (const what of [...this.#problems.keys()]) {
      const name = what.startsWith(`${label}: model "`) ? what.slice(label.length + 9, -1) : null;
      const isGone = name !== null && !present.has(name) && store.sourceOf(name) !== label;
      if (isGone) this.#settle(what, undefined);
    }
    for (const name of store.modelsOf(label)) {
      if (!present.has(name)) await this.#remove(name, label);
      else taken.add(name);
    }
    return isWhole;
  }

  async #update(model: SourceModel, label: string): Promise<void> {
    const { store, events } = this.#options;
    const started = performance.now();
    let told = started;
    const changed = await store.update(model, label, {
      signal: this.#abort.signal,
      onStart: (progress) => events.onFetching(model.name, label, progress),
      onProgress: (progress) => {
        const now = performance.now();
        if (now - told < PROGRESS_MS) return;
        told = now;
        events.onFetching(model.name, label, progress);
      },
    });
    if (changed) events.onFetched(model.name, label, performance.now() - started);
  }

  async #remove(name: string, label: string): Promise<void> {
    const what = `${label}: model "${name}"`;
    try {
      await this.#options.store.remove(name);
    } catch (error) {
      this.#settle(what, `it cannot be taken away: ${messageOf(error)}`);
      return;
    }
    this.#settle(what, undefined);
    this.#options.events.onRemoved(name, label);
  }

  #settle(what: string, problem: string | undefined): void {
    const before = this.#problems.get(what);
    if (before === problem) return;
    if (problem === undefined) {
      this.#problems.delete(what);
      this.#options.events.onRecovered(what);
    } else {
      this.#problems.set(what, problem);
      this.#options.events.onProblem(what, problem);
    }
  }
}

/** What went wrong, without paths: errors of the file system hold them. */
function messageOf(error: unknown): string {
  if (error instanceof SourceError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `the folder of the state cannot be used (${code})`;
}
