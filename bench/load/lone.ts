import { connect, type Socket } from 'node:net';
import type { Measurement } from '../measurement.ts';
import { quantile } from '../stats.ts';
import { bodyMaker, pooled } from './bodies.ts';
import { probe } from './probe.ts';
import type { LoadJob } from './protocol.ts';

/** Requests a second that are made ahead. */
const POOL_PER_SECOND = 4_000;

/**
 * One request after the other over one connection, written straight to the socket: what the client
 * itself costs must be small against the tenths of a millisecond that are looked for.
 */
export async function lone(job: LoadJob): Promise<Measurement> {
  const url = new URL(job.url);
  const next = pooled(bodyMaker(job.body, job.seed), POOL_PER_SECOND * job.seconds);
  await probe(job.url, next(), { 'content-type': 'application/json' });
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const durations: number[] = [];
  let errors = 0;
  const end = performance.now() + job.seconds * 1000;
  while (performance.now() < end) {
    const body = Buffer.from(next());
    const head =
      `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n`;
    const started = performance.now();
    const status = await exchange(socket, Buffer.concat([Buffer.from(head), body]));
    durations.push(performance.now() - started);
    if (status !== 200) errors++;
  }
  socket.destroy();
  const perSecond = durations.length / job.seconds;
  durations.sort((a, b) => a - b);
  return {
    perSecond,
    p50Ms: quantile(durations, 0.5),
    p99Ms: quantile(durations, 0.99),
    errors,
  };
}

/** Writes a request and waits for all of its answer. Resolves its status. */
function exchange(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = '';
    const finish = (settle: () => void) => {
      socket.off('data', onData).off('error', onEnd).off('close', onEnd);
      settle();
    };
    const onEnd = () => finish(() => reject(new Error('the server closed the connection')));
    const onData = (data: Buffer) => {
      received += data.toString('latin1');
      if (isComplete(received)) finish(() => resolve(Number(received.slice(9, 12))));
    };
    socket.on('data', onData).on('error', onEnd).on('close', onEnd);
    socket.write(request);
  });
}

/** Whether an HTTP answer (bytes as latin1) is there to its end. */
export function isComplete(answer: string): boolean {
  const bodyAt = answer.indexOf('\r\n\r\n') + 4;
  if (bodyAt === 3) return false;
  const head = answer.slice(0, bodyAt);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return answer.length >= bodyAt + Number(length);
  return answer.endsWith('\r\n0\r\n\r\n');
}
