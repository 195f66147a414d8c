import { WebSocket } from 'ws';

/** What the parent asks for. */
export interface SubscribersJob {
  readonly url: string;
  readonly count: number;
}

/** A count of messages since the last one, sent every second. */
export interface SubscribersReport {
  readonly open: number;
  readonly messages: number;
  readonly problem?: string;
}

/** Sockets that may be opening at once. */
const OPENING = 50;

const QUERY = `subscription {
  metrics(intervalMs: 1000) { timestamp totalRequests cacheHitRate avgLatencyMs p99LatencyMs throughput }
}`;

let open = 0;
let messages = 0;
let problem: string | undefined;

process.on('message', ({ url, count }: SubscribersJob) => void subscribeAll(url, count));
process.on('disconnect', () => process.exit(0));

async function subscribeAll(url: string, count: number): Promise<void> {
  setInterval(report, 1000);
  let started = 0;
  const openSome = async () => {
    while (started < count && problem === undefined) {
      started++;
      await subscribe(url);
    }
  };
  await Promise.all(Array.from({ length: OPENING }, openSome));
}

/** Opens one socket and one subscription on it; resolves with its first message. */
function subscribe(url: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
    let counted = false;
    const fail = (reason: string) => {
      problem ??= reason;
      resolve();
    };
    socket.on('error', (error) => fail(error.message));
    socket.on('close', (code) => fail(`a socket was closed with ${code}`));
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1');
      if (text.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: QUERY } }));
      } else if (text.includes('"next"') && !text.includes('"errors"')) {
        messages++;
        if (!counted) {
          counted = true;
          open++;
          resolve();
        }
      } else if (text.includes('"ping"')) {
        socket.send('{"type":"pong"}');
      } else {
        fail(text.slice(0, 300));
      }
    });
  });
}

function report(): void {
  const said: SubscribersReport = { open, messages, ...(problem !== undefined && { problem }) };
  messages = 0;
  process.send?.(said);
}
