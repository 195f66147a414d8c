import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Options of {@link SpanQueue}. */
export interface SpanQueueOptions {
  readonly exporter: SpanExporter;
  /** Most spans that wait; what ends while it is full is dropped. */
  readonly maxSpans: number;
  /** Spans of one export. */
  readonly batchSize: number;
  /** Longest time that a span waits for company, in milliseconds. */
  readonly delayMs: number;
  /** Told when exports begin to fail, with the reason, and when they succeed again. */
  readonly onChange?: (state: 'failing' | 'working', reason?: string) => void;
}

/** Whether a code is `ExportResultCode.SUCCESS`. */
const succeeded = (code: number): boolean => code === 0;

/**
 * The spans that wait for the collector: a bounded queue with one export at a time. Nothing ever
 * waits for it, and what cannot be sent is counted.
 */
export class SpanQueue implements SpanProcessor {
  readonly #options: SpanQueueOptions;
  #waiting: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #exporting: Promise<void> | undefined;
  #dropped = 0;
  #closed = false;
  /** Spans of the export under way, until they are given up. */
  #onTheWay = 0;
  #failing = false;

  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  /** Spans that could not be sent: the queue was full, or the collector did not take them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Spans that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  onStart(): void {
    // Only ended spans are sent.
  }

  onEnd(span: ReadableSpan): void {
    const { maxSpans, batchSize, delayMs } = this.#options;
    if (this.#closed || this.#waiting.length >= maxSpans) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(span);
    if (this.#exporting) return;
    if (this.#waiting.length >= batchSize) this.#flushSoon(0);
    else if (this.#timer === undefined) this.#flushSoon(delayMs);
  }

  /** Sends all that waits now. */
  async forceFlush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#exporting) await this.#export();
  }

  /**
   * Sends what waits, for at most `graceMs` milliseconds; the rest is dropped.
   *
   * @default 1000
   */
  async shutdown(graceMs = 1_000): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.forceFlush(), late]);
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#dropped += this.#waiting.length + this.#onTheWay;
    this.#waiting = [];
    this.#onTheWay = 0;
  }

  #flushSoon(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#export(), delayMs);
    this.#timer.unref();
  }

  #export(): Promise<void> {
    if (this.#exporting) return this.#exporting;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { exporter, batchSize, delayMs } = this.#options;
    const batch = this.#waiting.slice(0, batchSize);
    if (batch.length === 0) return Promise.resolve();
    this.#waiting = this.#waiting.slice(batchSize);
    this.#onTheWay = batch.length;
    this.#exporting = send(exporter, batch).then((reason) => {
      this.#exporting = undefined;
      if (reason !== undefined) this.#dropped += this.#onTheWay;
      this.#onTheWay = 0;
      this.#tell(reason);
      if (this.#waiting.length > 0)
        this.#flushSoon(this.#waiting.length >= batchSize ? 0 : delayMs);
    });
    return this.#exporting;
  }

  #tell(reason: string | undefined): void {
    const failing = reason !== undefined;
    if (failing === this.#failing) return;
    this.#failing = failing;
    this.#options.onChange?.(failing ? 'failing' : 'working', reason);
  }
}

/** Why the collector did not take the spans; `undefined` where it did. Never rejects. */
function send(exporter: SpanExporter, spans: ReadableSpan[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      exporter.export(spans, ({ code, error }) => {
        resolve(succeeded(code) ? undefined : (error?.message ?? 'the export failed'));
      });
    } catch (error) {
      resolve(String(error));
    }
  });
}
