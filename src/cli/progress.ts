import type { ServedVersion } from '../serving/served-version.ts';

/** Clears the line that the cursor is on, and goes to its beginning. */
const CLEAR_LINE = '\r\u001b[2K';

/**
 * Tells how loading goes, on standard error: one line that changes on a terminal, one line for each
 * model elsewhere.
 */
export class LoadProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #states = new Map<string, string>();

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** Takes a change of state. */
  readonly update = ({ model, state }: ServedVersion): void => {
    this.#states.set(model, state);
    if (this.#stream.isTTY) this.#draw();
    else if (state === 'loading' || state === 'ready' || state === 'failed') {
      this.#stream.write(`${model}: ${state}\n`);
    }
  };

  /** Takes the line away from a terminal. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
  }

  #draw(): void {
    const states = [...this.#states];
    const done = states.filter(([, state]) => state === 'ready' || state === 'failed').length;
    const busy = states.filter(([, state]) => state === 'loading' || state === 'warming');
    const text = `${done}/${states.length} ${busy.map(([name]) => name).join(', ')}`;
    this.#stream.write(`${CLEAR_LINE}loading ${text.slice(0, (this.#stream.columns || 80) - 9)}`);
  }
}
