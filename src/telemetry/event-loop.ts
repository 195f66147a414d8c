import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the timers of the main thread are: what a blocked event loop costs everyone. */
export interface EventLoopMonitor {
  /** 99th percentile of the delay since the last call, in milliseconds; 0 before the first. */
  takeP99Ms(): number;
  /** Stops measuring. */
  close(): void;
}

/** Starts measuring with a timer every `resolutionMs` milliseconds. @default 20 */
export function monitorEventLoop(resolutionMs = 20): EventLoopMonitor {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return {
    takeP99Ms() {
      if (delays.count === 0) return 0;
      // The histogram holds whole intervals, of which only what is over the resolution is delay.
      const p99Ms = delays.percentile(99) / 1e6 - resolutionMs;
      delays.reset();
      return Math.max(0, p99Ms);
    },
    close: () => {
      delays.disable();
    },
  };
}
