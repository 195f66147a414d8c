import { availableParallelism } from 'node:os';
import type { FromWorker } from './protocol.ts';
import { openThread } from './thread-channel.ts';
import type { ChannelEvents, OpenChannel, WorkerChannel } from './worker-channel.ts';

/** Time for which a model may keep others from running, in milliseconds. */
const STALL_MS = 1_000;

/** A model in a thread. */
interface Tenant {
  readonly events: ChannelEvents;
  /** Called when it has left. */
  readonly left: () => void;
  /** Whether it was told to leave, which it does once the thread is out of native code. */
  isLeaving: boolean;
}

/** A thread that holds several models, and runs one batch of one of them at a time. */
class SharedThread {
  readonly #channel: WorkerChannel;
  readonly #tenants = new Map<number, Tenant>();
  /** Whose loads and runs the thread has yet to answer, in their order. */
  readonly #pending: number[] = [];
  readonly #onEnd: () => void;
  #timer: NodeJS.Timeout | undefined;
  #nextTenant = 1;
  #isEnding = false;

  /** @param onEnd called once, when it takes no more models */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#channel = openThread({
      onMessage: (message) => this.#receive(message),
      onExit: (reason) => this.#exited(reason),
    });
  }

  /** Models that it holds. */
  get size(): number {
    return this.#tenants.size;
  }

  /** Whether it loads or runs one of them. */
  get isBusy(): boolean {
    return this.#pending.length > 0;
  }

  /** Whether one of them has kept the thread for too long, and still does. */
  isStalled = false;

  /** A channel to a model of its own in this thread. */
  join(events: ChannelEvents): WorkerChannel {
    const tenant = this.#nextTenant++;
    const ended = new Promise<void>((resolve) => {
      this.#tenants.set(tenant, { events, left: resolve, isLeaving: false });
    });
    return {
      kind: 'thread',
      id: this.#channel.id,
      post: (message, transfer) => {
        if (!this.#tenants.has(tenant)) return;
        this.#channel.post({ ...message, tenant }, transfer);
        if (message.kind !== 'load' && message.kind !== 'run') return;
        if (this.#pending.push(tenant) === 2) this.#watch();
      },
      terminate: () => {
        this.#tellToLeave(tenant);
        return ended;
      },
    };
  }

  #receive(message: FromWorker): void {
    const { tenant = 0, kind } = message;
    if (kind !== 'stats' && kind !== 'notice' && kind !== 'unloaded') {
      const at = this.#pending.indexOf(tenant);
      if (at >= 0) this.#pending.splice(at, 1);
      this.isStalled = false;
      this.#watch();
    }
    if (kind === 'unloaded') {
      // The last ones have left when the thread has ended: whoever waits for them waits for it.
      if (!this.#isEnding) this.#leave(tenant, 'the model was unloaded');
    } else this.#tenants.get(tenant)?.events.onMessage(message);
  }

  /** Sees to it that nobody waits for long behind the model that runs now. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length < 2) return;
    this.#timer = setTimeout(() => {
      const [running] = this.#pending;
      const waiting = new Set(this.#pending.filter((tenant) => tenant !== running));
      if (waiting.size === 0) return;
      this.isStalled = true;
      for (const tenant of waiting) {
        this.#channel.post({ kind: 'unload', tenant });
        this.#leave(tenant, 'another model kept their thread busy; it moves to another one');
      }
    }, STALL_MS);
  }

  #tellToLeave(tenant: number): void {
    const leaving = this.#tenants.get(tenant);
    if (!leaving || leaving.isLeaving) return;
    leaving.isLeaving = true;
    this.#channel.post({ kind: 'unload', tenant });
    if ([...this.#tenants.values()].every(({ isLeaving }) => isLeaving)) this.#end();
  }

  #leave(tenant: number, reason: string): void {
    const leaving = this.#tenants.get(tenant);
    this.#tenants.delete(tenant);
    leaving?.left();
    leaving?.events.onExit(reason);
    if (this.#tenants.size === 0) this.#end();
  }

  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    clearTimeout(this.#timer);
    this.#onEnd();
    void this.#channel.terminate();
  }

  #exited(reason: string): void {
    this.#end();
    for (const tenant of [...this.#tenants.keys()]) this.#leave(tenant, reason);
  }
}

/**
 * The threads that models share. An inference library costs far more memory and start-up time than
 * most models, so that it is loaded once per thread and not once per model. While there are few
 * models each has a thread of its own. One that keeps its thread for long loses its neighbours: they
 * move to other threads.
 */
export class SharedThreads {
  readonly #most: number;
  readonly #threads = new Set<SharedThread>();

  /** @param most threads. @default twice as many as there are cores, at least four */
  constructor(most = Math.max(4, 2 * availableParallelism())) {
    this.#most = most;
  }

  /** Opens the workers of one model, each in another thread. */
  opener(): OpenChannel {
    const taken = new Set<SharedThread>();
    return (events) => {
      const thread = this.#choose(taken);
      taken.add(thread);
      return thread.join({
        onMessage: (message) => events.onMessage(message),
        onExit: (reason) => {
          taken.delete(thread);
          events.onExit(reason);
        },
      });
    };
  }

  #choose(taken: ReadonlySet<SharedThread>): SharedThread {
    const free = [...this.#threads].filter((thread) => !thread.isStalled && !taken.has(thread));
    free.sort((a, b) => Number(a.isBusy) - Number(b.isBusy) || a.size - b.size);
    const [first] = free;
    if (first && this.#threads.size >= this.#most) return first;
    const thread: SharedThread = new SharedThread(() => this.#threads.delete(thread));
    this.#threads.add(thread);
    return thread;
  }
}
