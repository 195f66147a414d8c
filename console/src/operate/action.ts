/** A change that somebody may confirm. */
export interface Action {
  readonly title: string;
  /** What will happen, one sentence each. */
  readonly effects: readonly string[];
  /** What the button says. */
  readonly verb: string;
  /** Whether it takes something away. @default false */
  readonly isDangerous?: boolean;
  /** @param force accepts what breaks clients; asked for after a `CONFLICT` */
  readonly run: (force: boolean) => Promise<unknown>;
}
