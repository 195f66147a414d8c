import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CaptureFiles } from './capture-files.ts';

/** A record that waits to be written. */
export interface WaitingRecord {
  readonly model: string;
  /** About how many bytes it holds in memory. */
  readonly bytes: number;
  /** Makes the line, without its end. */
  line(): string;
}

/** Why a record was not written. */
export const DROP_REASONS = ['buffer_full', 'write_failed', 'too_large'] as const;

/** Reason of a drop. */
export type DropReason = (typeof DROP_REASONS)[number];

/** Options of {@link CaptureWriter}. */
export interface CaptureWriterOptions {
  readonly files: Pick<CaptureFiles, 'append' | 'bytes' | 'lineBytes'>;
  /** Most bytes that may wait. */
  readonly bufferBytes: number;
  /** Told when files cannot be written, and when they can again (`null`). */
  readonly onProblem: (reason: string | null) => void;
}

/** Time in which records gather before they are written, in milliseconds. */
const GATHER_MS = 250;

/** Time that making lines may hold the event loop, in milliseconds. */
const TURN_MS = 4;

/** Bytes of lines that are written at once. */
const WRITE_BYTES = 256 * 1024;

/** Longest line that is written, in bytes. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Pause after a failure, which doubles with each further one, in milliseconds. */
const PAUSE_MS = { first: 1_000, most: 60_000 } as const;

/** Time that the last records get to be written, in milliseconds. */
const CLOSE_MS = 2_000;

/**
 * Writes records beside what serves: they wait in a bounded buffer, lines are made of them a few
 * milliseconds at a time, and the file system is waited for by nobody. What finds the buffer full,
 * or comes while files cannot be written, is dropped and counted.
 */
export class CaptureWriter {
  readonly #options: CaptureWriterOptions;
  #waiting: WaitingRecord[] = [];
  #bytes = 0;
  #written = 0;
  readonly #dropped: Record<DropReason, number> = {
    buffer_full: 0,
    write_failed: 0,
    too_large: 0,
  };
  #timer: NodeJS.Timeout | undefined;
  #draining: Promise<void> | undefined;
  #failures = 0;
  /** Until then nothing is tried, by a clock that never jumps. */
  #pausedUntil = 0;

  constructor(options: CaptureWriterOptions) {
    this.#options = options;
  }

  /** Records that were written. */
  get written(): number {
    return this.#written;
  }

  /** Records that were not, by reason. */
  get dropped(): Readonly<Record<DropReason, number>> {
    return this.#dropped;
  }

  /** Bytes that wait. */
  get waitingBytes(): number {
    return this.#bytes;
  }

  /** Bytes of all files. */
  get fileBytes(): number {
    return this.#options.files.bytes;
  }

  /** Takes a record, or drops it. Never throws, never waits. */
  push(record: WaitingRecord): void {
    const { bufferBytes } = this.#options;
    if (this.#bytes + record.bytes > bufferBytes) {
      this.#dropped.buffer_full++;
      return;
    }
    if (this.#pausedUntil > 0 && performance.now() < this.#pausedUntil) {
      this.#dropped.write_failed++;
      return;
    }
    this.#waiting.push(record);
    this.#bytes += record.bytes;
    if (this.#draining) return;
    this.#timer ??= setTimeout(() => this.#drain(), GATHER_MS).unref();
  }

  /** Writes what waits, within a bounded time. */
  async close(): Promise<void> {
    this.#drain();
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#draining, passed]);
    clearTimeout(timer);
  }

  #drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draining ??= this.#writeAll().finally(() => {
      this.#draining = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const records = this.#waiting;
      this.#waiting = [];
      for (let at = 0; at < records.length;) at = await this.#writeSome(records, at);
    }
  }

  /** @returns the place of the first record that still waits */
  async #writeSome(records: readonly WaitingRecord[], from: number): Promise<number> {
    const lines = new Map<string, { text: string[]; count: number }>();
    const { lineBytes } = this.#options.files;
    const most = Math.min(WRITE_BYTES, lineBytes);
    let [bytes, held, at] = [0, 0, from];
    const began = performance.now();
    while (at < records.length && bytes < most && performance.now() - began < TURN_MS) {
      const record = records[at++];
      if (!record) continue;
      held += record.bytes;
      const text = lineOf(record);
      const size = Buffer.byteLength(text ?? '') + 1;
      if (text === null || size > Math.min(MAX_LINE_BYTES, lineBytes)) {
        this.#dropped.too_large++;
        continue;
      }
      const own = lines.get(record.model) ?? { text: [], count: 0 };
      lines.set(record.model, own);
      own.text.push(text, '\n');
      own.count++;
      bytes += size;
    }
    for (const [model, { text, count }] of lines) await this.#append(model, text.join(''), count);
    this.#bytes -= held;
    await nextTurn();
    return at;
  }

  async #append(model: string, text: string, count: number): Promise<void> {
    const { files, onProblem } = this.#options;
    if (performance.now() < this.#pausedUntil) {
      this.#dropped.write_failed += count;
      return;
    }
    try {
      await files.append(model, Buffer.from(text));
      this.#written += count;
      if (this.#failures > 0) onProblem(null);
      this.#failures = 0;
      this.#pausedUntil = 0;
    } catch (thrown) {
      this.#dropped.write_failed += count;
      if (this.#failures === 0) {
        onProblem((thrown as NodeJS.ErrnoException).code ?? 'unknown error');
      }
      const pause = Math.min(PAUSE_MS.first * 2 ** this.#failures, PAUSE_MS.most);
      this.#failures = Math.min(this.#failures + 1, 16);
      this.#pausedUntil = performance.now() + pause;
    }
  }
}

/** `null` for what JSON cannot say. */
function lineOf(record: WaitingRecord): string | null {
  try {
    return record.line();
  } catch {
    return null;
  }
}
