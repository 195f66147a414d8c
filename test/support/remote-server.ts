import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { stringify } from 'yaml';
import { createApp, type App } from '../../src/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { EventLog } from './faults/event-log.ts';
import { faultTensors, type FaultRow, writeFaultModel } from './faults/fault-model.ts';
import { answerOf, type Answer, type AnswerBody, type LogLine } from './faults/fault-server.ts';
import { type ServerProcess, startServerProcess } from './faults/server-process.ts';

/** A server that is an engine for another one: a real process with the fault model. */
export interface Peer extends AsyncDisposable {
  readonly process: ServerProcess;
  /** Its address in the protocol. */
  readonly url: string;
  /** Starts it anew at the same address. */
  restart(): Promise<void>;
}

const MANIFEST = 'workers: { count: 1 }\ncache: { enabled: false }\n';

/** Starts a peer. @param protocol what its address is for */
export async function startPeer(protocol: 'http' | 'grpc' = 'http'): Promise<Peer> {
  const models = await mkdtemp(path.join(os.tmpdir(), 'peer-'));
  await writeFaultModel(models, 'faulty', { manifest: MANIFEST });
  const start = async (ports: Record<string, string>) => {
    const started = startServerProcess({ MODELS_DIR: models, LOG_LEVEL: 'info', ...ports });
    await started.ready();
    const [line] = started.log.all.filter(({ msg }) => msg === 'ready');
    return { started, port: String(line?.port), grpcPort: String(line?.grpcPort) };
  };
  const first = await start({ GRPC_PORT: '0' });
  const { port, grpcPort } = first;
  let running = first.started;
  return {
    get process() {
      return running;
    },
    url: protocol === 'http' ? `http://127.0.0.1:${port}` : `grpc://127.0.0.1:${grpcPort}`,
    async restart() {
      await running[Symbol.asyncDispose]();
      running = (await start({ PORT: port, GRPC_PORT: grpcPort })).started;
    },
    [Symbol.asyncDispose]: async () => {
      running.signal('SIGCONT');
      await running[Symbol.asyncDispose]();
      await rm(models, { recursive: true });
    },
  };
}

/** A server of this process whose models run elsewhere. */
export interface RemoteServer extends AsyncDisposable {
  readonly app: App;
  readonly url: string;
  readonly log: EventLog<LogLine>;
  predict(model: string, row: FaultRow, signal?: AbortSignal): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

/** Starts a server. @param models name → content of model.yaml */
export async function startRemoteServer(
  models: Readonly<Record<string, object>>,
  overrides: Partial<Config> = {},
): Promise<RemoteServer> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'remote-'));
  for (const [name, manifest] of Object.entries(models)) {
    await mkdir(path.join(root, name));
    await writeFile(path.join(root, name, 'model.yaml'), stringify(manifest));
  }
  const log = new EventLog<LogLine>();
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => log.add(JSON.parse(line) as LogLine) },
  );
  const config = loadConfig(
    { HOST: '127.0.0.1', PORT: '0' },
    { modelsDir: root, watchModels: false, ...overrides },
  );
  const app = createApp(config, logger);
  const { port } = await app.start();
  const url = `http://127.0.0.1:${port}`;
  const toAnswer = async (response: Response): Promise<Answer> => ({
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as AnswerBody,
  });
  return {
    app,
    url,
    log,
    predict: async (model, row, signal) =>
      toAnswer(
        await fetch(`${url}/predict`, {
          method: 'POST',
          body: JSON.stringify({ model, input: { tensors: faultTensors(row) }, outputs: true }),
          headers: { 'content-type': 'application/json' },
          signal: signal ?? null,
        }),
      ),
    get: async (route) => toAnswer(await fetch(url + route)),
    [Symbol.asyncDispose]: async () => {
      await app.stop();
      await rm(root, { recursive: true });
    },
  };
}

/** What came of requests under load. */
export interface Tally {
  right: number;
  readonly wrong: unknown[];
}

/** Clients that ask one request after the other, until `stop` is aborted. */
export async function load(
  server: RemoteServer,
  model: string,
  { clients, stop, cost = 0 }: { clients: number; stop: AbortSignal; cost?: number },
): Promise<Tally> {
  const tally: Tally = { right: 0, wrong: [] };
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (!stop.aborted) {
        const x = next++ % 1_000_000;
        const { body } = await server.predict(model, { x, cost });
        if (answerOf(body) === 2 * x) tally.right++;
        else tally.wrong.push(body);
      }
    }),
  );
  return tally;
}
