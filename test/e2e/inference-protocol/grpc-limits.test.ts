import { compressionAlgorithms, Client, credentials, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import {
  type InferResponseMessage,
  SERVICE_NAME,
  serviceMethod,
} from '../../../src/inference-protocol/messages.ts';
import { createTestAccess } from '../../support/access/keys.ts';
import { startServer } from '../../support/api/start-server.ts';
import { faultTensors, type FaultRow } from '../../support/faults/fault-model.ts';
import { startFaultServer, type FaultServer } from '../../support/faults/fault-server.ts';
import { frame, read, WireClient } from '../../support/grpc-wire.ts';
import { GrpcClient } from '../../support/oip.ts';

/** Turns of the model's loop that take some tenths of a second. */
const A_WHILE = 300_000;

const MANIFEST = 'workers: { count: 1 }\ncache: { enabled: false }\nbatching: { enabled: false }\n';

const startFaulty = (more = {}) => startFaultServer({ faulty: MANIFEST }, { grpcPort: 0, ...more });

/** A request for one row of the fault model. */
const rowOf = (row: FaultRow, more: object = {}) => ({
  model_name: 'faulty',
  inputs: faultTensors(row).map(({ data, ...head }) => ({
    ...head,
    contents: { fp32_contents: data },
  })),
  outputs: [{ name: 'y' }],
  ...more,
});

const yOf = ({ raw_output_contents: [bytes] }: InferResponseMessage) =>
  Buffer.from(bytes!).readFloatLE();

const rowsAnswered = async ({ url }: FaultServer) => {
  const response = await fetch(`${url}/v2/models/faulty/stats`);
  const { model_stats } = (await response.json()) as { model_stats: { inference_count: number }[] };
  return model_stats[0]?.inference_count;
};

/** Resolves when so many rows wait for the worker. */
async function queued({ app }: FaultServer, rows: number): Promise<void> {
  const version = app.catalog.versions()[0];
  while ((version?.live?.batcher.queuedRows ?? 0) < rows) await new Promise(setImmediate);
}

/** Resolves when the worker has begun. */
async function begun(server: FaultServer): Promise<void> {
  while (server.pool('faulty').idleWorkers > 0) await new Promise(setImmediate);
}

const ended = ({ log }: FaultServer, code: string) =>
  log.first(1, (line) => line.msg === 'request' && line.transport === 'grpc' && line.code === code);

describe('a call that nobody waits for', () => {
  it('leaves the queue when it is cancelled, and is never run', async () => {
    await using server = await startFaulty();
    const client = new GrpcClient(server.grpcPort!);
    const before = (await rowsAnswered(server)) ?? 0;
    const first = client.call<InferResponseMessage>('ModelInfer', rowOf({ x: 1, cost: A_WHILE }));
    await begun(server);
    const leave = new AbortController();
    const second = client.call('ModelInfer', rowOf({ x: 2 }), { signal: leave.signal });
    const third = client.call<InferResponseMessage>('ModelInfer', rowOf({ x: 3 }));
    await queued(server, 2);
    leave.abort();
    await expect(second).rejects.toMatchObject({ code: status.CANCELLED });
    expect([yOf(await first), yOf(await third)]).toEqual([2, 6]);
    expect(await rowsAnswered(server)).toBe(before + 2);
    client.close();
  });

  it('leaves the queue with its stream', async () => {
    await using server = await startFaulty();
    const client = new GrpcClient(server.grpcPort!);
    const before = (await rowsAnswered(server)) ?? 0;
    const first = client.call<InferResponseMessage>('ModelInfer', rowOf({ x: 1, cost: A_WHILE }));
    await begun(server);
    const { request } = serviceMethod('ModelInfer');
    const wire = new WireClient(server.grpcPort!);
    const stream = wire.open(`/${SERVICE_NAME}/ModelStreamInfer`);
    const over = read(stream);
    for (const x of [2, 3]) stream.write(frame(request.encode(rowOf({ x }))));
    await queued(server, 2);
    stream.close(8);
    await over;
    expect(yOf(await first)).toBe(2);
    const last = await client.call<InferResponseMessage>('ModelInfer', rowOf({ x: 4 }));
    expect(yOf(last)).toBe(8);
    expect(await rowsAnswered(server)).toBe(before + 2);
    client.close();
    wire.close();
  });

  it('ends at its deadline, in the queue too', async () => {
    await using server = await startFaulty();
    const client = new GrpcClient(server.grpcPort!);
    const before = (await rowsAnswered(server)) ?? 0;
    const first = client.call('ModelInfer', rowOf({ x: 1, cost: A_WHILE }));
    await begun(server);
    const wire = new WireClient(server.grpcPort!);
    const { request } = serviceMethod('ModelInfer');
    // A client that leaves it to the server.
    const late = await wire.call('ModelInfer', request.encode(rowOf({ x: 2 })), {
      'grpc-timeout': '50m',
    });
    expect(late.code).toBe(status.DEADLINE_EXCEEDED);
    const timeout = { timeout: { int64_param: 20_000 } };
    const own = client.call('ModelInfer', rowOf({ x: 3 }, { parameters: timeout }));
    await expect(own).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await ended(server, 'DEADLINE_EXCEEDED');
    await first;
    expect(await rowsAnswered(server)).toBe(before + 1);
    client.close();
    wire.close();
  });
});

describe('a shutdown', () => {
  it('loses nothing that was begun, and ends streams with a word', async () => {
    await using server = await startFaulty();
    const client = new GrpcClient(server.grpcPort!);
    const slow = client.call<InferResponseMessage>('ModelInfer', rowOf({ x: 1, cost: A_WHILE }));
    await begun(server);
    const wire = new WireClient(server.grpcPort!);
    const { request } = serviceMethod('ModelInfer');
    const stream = wire.open(`/${SERVICE_NAME}/ModelStreamInfer`);
    const streamed = read(stream);
    stream.write(frame(request.encode(rowOf({ x: 2 }))));
    await queued(server, 1);
    const stopped = server.app.stop();
    expect(yOf(await slow)).toBe(2);
    // What it had read is answered; then it is told to connect again.
    expect(await streamed).toMatchObject({ code: status.UNAVAILABLE, messages: [{}] });
    expect(await stopped).toBe(true);
    const another = new GrpcClient(server.grpcPort!);
    await expect(another.call('ServerLive', {})).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
    client.close();
    another.close();
    wire.close();
  });

  it('says in time that no more is to come', async () => {
    await using server = await startFaulty({ drainDelayMs: 300 });
    const wire = new WireClient(server.grpcPort!);
    const check = async () =>
      (
        await wire.send('/grpc.health.v1.Health/Check', frame(Buffer.alloc(0)))
      ).messages[0]?.toString('hex');
    expect(await check()).toBe('0801');
    const stopped = server.app.stop();
    expect(await check()).toBe('0802');
    const client = new GrpcClient(server.grpcPort!);
    expect(yOf(await client.call('ModelInfer', rowOf({ x: 4 })))).toBe(8);
    client.close();
    await stopped;
    wire.close();
  });
});

describe('limits', () => {
  it('knows keys by their metadata', async () => {
    const { access, keys } = createTestAccess({ reader: { scopes: ['models:read'] } });
    await using server = await startServer({ grpcPort: 0 }, { access });
    const client = new GrpcClient(server.grpcPort!);
    const ask = (metadata: Record<string, string>) =>
      client.call('RepositoryIndex', {}, { metadata });
    for (const metadata of [
      { authorization: `Bearer ${keys.reader}` },
      { 'x-api-key': keys.reader },
    ]) {
      expect(await ask(metadata)).toMatchObject({ models: [{}, {}] });
      const unload = client.call(
        'RepositoryModelUnload',
        { model_name: 'sentiment' },
        { metadata },
      );
      await expect(unload).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    }
    await expect(ask({})).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    await expect(ask({ 'x-api-key': 'wrong' })).rejects.toMatchObject({
      code: status.UNAUTHENTICATED,
    });
    client.close();
  });

  it('takes rows from the rate of who asks, and says when more are there', async () => {
    await using server = await startFaulty({ rateLimit: '2/hour' });
    const client = new GrpcClient(server.grpcPort!);
    for (const x of [1, 2]) await client.call('ModelInfer', rowOf({ x }));
    const refused: unknown = await client
      .call('ModelInfer', rowOf({ x: 3 }))
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    const { metadata } = refused as { metadata: { get(name: string): string[] } };
    expect(metadata.get('error-code')).toEqual(['RATE_LIMITED']);
    expect(Number(metadata.get('retry-after')[0])).toBeGreaterThan(0);
    client.close();
  });

  it('refuses what is too much at once, but for probes', async () => {
    await using server = await startFaulty({ maxConcurrentRequests: 1 });
    const client = new GrpcClient(server.grpcPort!);
    const first = client.call('ModelInfer', rowOf({ x: 1, cost: A_WHILE }));
    await begun(server);
    await expect(client.call('ModelInfer', rowOf({ x: 2 }))).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
    expect(await client.call('ServerLive', {})).toMatchObject({ live: true });
    await first;
    client.close();
  });

  it('tells the name of a call, and takes it from the client', async () => {
    await using server = await startFaulty();
    const wire = new WireClient(server.grpcPort!);
    const { request } = serviceMethod('ModelInfer');
    const answer = await wire.call('ModelInfer', request.encode(rowOf({ x: 1 })), {
      'x-request-id': 'mine',
    });
    expect(answer.headers['x-request-id']).toBe('mine');
    const [line] = await server.log.first(1, ({ requestId }) => requestId === 'mine');
    expect(line).toMatchObject({ transport: 'grpc', model: 'faulty', status: 200 });
    wire.close();
  });

  it('takes what the library of the client has compressed', async () => {
    await using server = await startFaulty();
    for (const algorithm of [compressionAlgorithms.gzip, compressionAlgorithms.deflate]) {
      const plain = new Client(`127.0.0.1:${server.grpcPort}`, credentials.createInsecure(), {
        'grpc.default_compression_algorithm': algorithm,
      });
      const { request, response } = serviceMethod('ModelInfer');
      const answer = await new Promise<InferResponseMessage>((resolve, reject) => {
        plain.makeUnaryRequest<object, unknown>(
          `/${SERVICE_NAME}/ModelInfer`,
          (it) => request.encode(it),
          (bytes) => response.decode(bytes),
          rowOf({ x: 21 }),
          (error, it) => (error ? reject(error) : resolve(it as InferResponseMessage)),
        );
      });
      expect(yOf(answer)).toBe(42);
      plain.close();
    }
  });
});
