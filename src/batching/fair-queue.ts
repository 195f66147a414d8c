/** Whose turn it is counted as. */
export interface Share {
  /** Id of a principal. */
  readonly id: string;
  /** How many turns it has for each one of a share of weight 1. */
  readonly weight: number;
}

/** What waits in a {@link FairQueue}. */
export interface FairItem {
  readonly rows: number;
  /** Whether anybody still waits for it; others are passed over. */
  readonly isWanted: boolean;
}

interface Line<Item> {
  readonly id: string;
  weight: number;
  /** Rows that it may still take in this round. */
  credit: number;
  rows: number;
  items: Item[];
  /** Index of the first item that waits. */
  head: number;
}

/** Items that have left are cut off when there are this many of them. */
const COMPACT_AT = 1_024;

/**
 * Lets those that wait take turns by weight, row by row: however much one of them has waiting, a
 * single row of another is among the next that leave.
 *
 * @see Shreedhar, Varghese: Efficient Fair Queuing using Deficit Round Robin, SIGCOMM 1995
 */
export class FairQueue<Item extends FairItem> {
  readonly #lines = new Map<string, Line<Item>>();
  /** Those with something waiting, the one whose turn it is first. */
  #active: Line<Item>[] = [];
  #turn = 0;
  /** Whether the one whose turn it is has been given its rows. */
  #hasBegun = false;

  /** Adds an item behind those of its share. */
  push(item: Item, { id, weight }: Share): void {
    let line = this.#lines.get(id);
    if (!line) {
      line = { id, weight, credit: 0, rows: 0, items: [], head: 0 };
      this.#lines.set(id, line);
      this.#active.push(line);
    }
    line.weight = weight;
    line.items.push(item);
    line.rows += item.rows;
  }

  /** Takes the item whose turn it is; `undefined` when nothing waits. */
  take(): Item | undefined {
    for (let passed = 0; this.#active.length > 0;) {
      if (this.#turn >= this.#active.length) this.#turn = 0;
      const line = this.#active[this.#turn];
      if (!line) return undefined;
      const item = headOf(line);
      if (!item) {
        this.#remove(this.#turn);
        continue;
      }
      // A lone one has nobody to wait for.
      if (this.#active.length === 1) {
        line.credit = 0;
        return this.#shift(line, item);
      }
      // Its turn begins with the rows of its weight, and goes on while they last.
      if (!this.#hasBegun) {
        line.credit += line.weight;
        this.#hasBegun = true;
      }
      if (line.credit >= item.rows) {
        line.credit -= item.rows;
        return this.#shift(line, item);
      }
      this.#turn++;
      this.#hasBegun = false;
      if (++passed < this.#active.length) continue;
      this.#grantRounds();
      passed = 0;
    }
    return undefined;
  }

  /**
   * Takes the newest item of the one that has most waiting for its weight, so that there is room
   * for another.
   *
   * @param rows rows that `share` wants to add
   * @returns `undefined` where nobody has more waiting than `share` would have
   */
  dropLongest(share: Share, rows: number): Item | undefined {
    let longest: Line<Item> | undefined;
    for (const line of this.#active) {
      if (!longest || line.rows / line.weight > longest.rows / longest.weight) longest = line;
    }
    const own = ((this.#lines.get(share.id)?.rows ?? 0) + rows) / share.weight;
    if (!longest || longest.id === share.id || longest.rows / longest.weight <= own) {
      return undefined;
    }
    while (longest.items.length > longest.head) {
      const item = longest.items.pop();
      if (!item) break;
      longest.rows -= item.rows;
      if (item.isWanted) return item;
    }
    return undefined;
  }

  /** Rows that each line must be given so that one of them can go on, all at once. */
  #grantRounds(): void {
    let rounds = Infinity;
    for (const line of this.#active) {
      const rows = headOf(line)?.rows ?? 0;
      rounds = Math.min(rounds, Math.ceil((rows - line.credit) / line.weight) - 1);
    }
    if (!(rounds > 0 && rounds < Infinity)) return;
    for (const line of this.#active) line.credit += rounds * line.weight;
  }

  #shift(line: Line<Item>, item: Item): Item {
    line.head++;
    line.rows -= item.rows;
    if (line.head >= COMPACT_AT) {
      line.items = line.items.slice(line.head);
      line.head = 0;
    }
    if (!headOf(line)) this.#remove(this.#active.indexOf(line));
    return item;
  }

  /** Who has nothing waiting keeps no credit for later. */
  #remove(at: number): void {
    const [line] = this.#active.splice(at, 1);
    if (!line) return;
    this.#lines.delete(line.id);
    if (at < this.#turn) this.#turn--;
    else if (at === this.#turn) this.#hasBegun = false;
  }
}

/** The first item that is still wanted; the others before it are dropped. */
function headOf<Item extends FairItem>(line: Line<Item>): Item | undefined {
  for (;;) {
    const item = line.items[line.head];
    if (!item || item.isWanted) return item;
    line.head++;
    line.rows -= item.rows;
  }
}
