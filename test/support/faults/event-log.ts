/** Everything that happened, in order, for tests that wait for something to happen. */
export class EventLog<Event> {
  readonly all: Event[] = [];
  readonly #waiting = new Set<() => void>();

  add(event: Event): void {
    this.all.push(event);
    for (const check of this.#waiting) check();
  }

  /** Resolves with the first `count` matching events, those that have happened already included. */
  first(count: number, matches: (event: Event) => boolean): Promise<Event[]> {
    return new Promise((resolve) => {
      const check = () => {
        const found = this.all.filter(matches);
        if (found.length < count) return;
        this.#waiting.delete(check);
        resolve(found.slice(0, count));
      };
      this.#waiting.add(check);
      check();
    });
  }
}
