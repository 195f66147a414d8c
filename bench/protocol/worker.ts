import http from 'node:http';
import { Client, credentials } from '@grpc/grpc-js';
import { SERVICE_NAME } from '../../src/inference-protocol/messages.ts';
import { bodyMaker, type Form, headersOf } from './requests.ts';

/** A job for the load process. */
export interface ProtocolJob {
  readonly form: Form;
  readonly port: number;
  /** Of the URL, for HTTP. */
  readonly path: string;
  readonly rows: number;
  readonly isCached: boolean;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly seconds: number;
}

/** What came of it. */
export interface ProtocolMeasurement {
  /** Rows that were answered. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly errors: number;
}

/** Entry of the load process: one job at a time, over the channel to the parent. */
process.on('message', (job: ProtocolJob) => {
  run(job).then(
    (measurement) => process.send?.(measurement),
    (error: unknown) =>
      process.send?.({ perSecond: 0, p50Ms: NaN, errors: 1, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));

async function run(job: ProtocolJob): Promise<ProtocolMeasurement> {
  const { form, rows, isCached, concurrency, seconds } = job;
  const make = bodyMaker(form, rows, isCached);
  const { send, close } = form === 'grpc' ? overGrpc(job) : overHttp(job);
  const times: number[] = [];
  let errors = 0;
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < until) {
        const body = make();
        const sent = performance.now();
        if (await send(body)) times.push(performance.now() - sent);
        else errors++;
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  close();
  times.sort((a, b) => a - b);
  return {
    perSecond: (times.length * rows) / took,
    p50Ms: times[Math.floor(times.length / 2)] ?? NaN,
    errors,
  };
}

function overHttp({ form, port, path, rows, concurrency }: ProtocolJob) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const headers = headersOf(form, rows);
  const send = (body: Buffer) =>
    new Promise<boolean>((resolve) => {
      const request = http.request(
        {
          agent,
          port,
          path,
          method: 'POST',
          host: '127.0.0.1',
          headers: { ...headers, 'content-length': body.length },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode === 200));
        },
      );
      request.on('error', () => resolve(false));
      request.end(body);
    });
  return { send, close: () => agent.destroy() };
}

function overGrpc({ port }: ProtocolJob) {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
  });
  const send = (body: Buffer) =>
    new Promise<boolean>((resolve) => {
      client.makeUnaryRequest<Buffer, Buffer>(
        `/${SERVICE_NAME}/ModelInfer`,
        (bytes) => bytes,
        (bytes) => bytes,
        body,
        (error) => resolve(!error),
      );
    });
  return { send, close: () => client.close() };
}
