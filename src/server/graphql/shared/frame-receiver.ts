/**
 * Writes a frame to a socket, or drops it where the socket is being closed.
 *
 * @param done called when the operating system has taken the frame or the socket has broken off;
 *   not called for a frame that is dropped, since no other will be sent
 */
export type WriteFrame = (frame: Buffer, done: () => void) => void;

/**
 * Where the frames of one operation go. One frame at most is under way; of what comes meanwhile the
 * newest alone is kept, so that a slow reader costs one frame of memory and never gets a backlog.
 */
export class FrameReceiver {
  /** The operation's id, as its client has named it. */
  readonly id: string;
  readonly #write: WriteFrame;
  #underWay = false;
  #next: Buffer | undefined;

  /** @param write writes to the client's socket */
  constructor(id: string, write: WriteFrame) {
    this.id = id;
    this.#write = write;
  }

  /** Sends a frame, or keeps it until the one before it has gone. */
  send(frame: Buffer): void {
    if (this.#underWay) {
      this.#next = frame;
      return;
    }
    this.#underWay = true;
    this.#write(frame, this.#onDone);
  }

  /** Forgets what has not been sent yet. */
  close(): void {
    this.#next = undefined;
  }

  readonly #onDone = (): void => {
    this.#underWay = false;
    const next = this.#next;
    if (!next) return;
    this.#next = undefined;
    this.send(next);
  };
}
