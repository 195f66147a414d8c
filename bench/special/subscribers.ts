import { startScript, waitFor } from '../children.ts';
import { startServer } from '../contenders/this-server.ts';
import type { BenchModels } from '../models/bench-models.ts';
import type { Figure } from '../results.ts';
import { spread } from '../stats.ts';
import type { SubscribersJob, SubscribersReport } from './subscribers-worker.ts';

const OPEN_WITHIN_MS = 90_000;
/** Prometheus gauge of the event loop's delay since it was last read. */
const GAUGE = /^nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? ([\d.e+-]+)/m;

/**
 * Event-loop delay of the server while many clients follow its metrics each second.
 *
 * @throws {Error} when not all can subscribe
 */
export async function measureSubscribers(
  models: BenchModels,
  count: number,
  seconds: number,
): Promise<Figure> {
  const { url, child } = await startServer(models.folder);
  const clients = startScript('special/subscribers-worker.ts');
  let latest: SubscribersReport = { open: 0, messages: 0 };
  let delivered = 0;
  clients.process.on('message', (report: SubscribersReport) => {
    latest = report;
    delivered += report.messages;
  });
  try {
    await waitFor(`${url}/readyz`, child);
    const job: SubscribersJob = { url: `${url.replace('http', 'ws')}/graphql`, count };
    clients.process.send(job);
    const deadline = performance.now() + OPEN_WITHIN_MS;
    while (latest.open < count) {
      if (latest.problem !== undefined) throw new Error(latest.problem);
      if (performance.now() > deadline) throw new Error(`only ${latest.open} could subscribe`);
      await pause(200);
    }
    await pause(2_000);
    await readDelayMs(url);
    delivered = 0;
    const delays: number[] = [];
    const windows = Math.max(1, Math.round(seconds / 5));
    for (let window = 0; window < windows; window++) {
      await pause(5_000);
      delays.push(await readDelayMs(url));
    }
    return {
      id: 'subscribers',
      title: 'Event-loop delay under subscribers, p99',
      unit: 'ms',
      value: spread(delays),
      about:
        `${count.toLocaleString('en-US')} WebSockets from one process, one message a second each; ` +
        `${Math.round(delivered / (windows * 5)).toLocaleString('en-US')} messages a second arrived. ` +
        'The gauge counts its own interval of 10 ms in.',
    };
  } finally {
    await clients.stop();
    await child.stop();
  }
}

/** Reads the gauge, which starts anew with each reading. */
async function readDelayMs(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics/prometheus`);
  const value = GAUGE.exec(await response.text())?.[1];
  if (value === undefined) throw new Error('the server tells no event-loop delay');
  return Number(value) * 1000;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
