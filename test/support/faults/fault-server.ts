import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { createApp, type App } from '../../../src/app.ts';
import { loadConfig, type Config } from '../../../src/config.ts';
import { WorkerPool } from '../../../src/runtimes/worker-pool.ts';
import { NO_DRAIN } from '../no-drain.ts';
import { EventLog } from './event-log.ts';
import { faultTensors, type FaultRow, writeFaultModel } from './fault-model.ts';

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The parts of REST bodies that these tests look at. */
export interface AnswerBody {
  readonly outputs?: readonly { readonly name: string; readonly data: readonly number[] }[];
  readonly results?: readonly AnswerBody[];
  readonly error?: { readonly code: string; readonly message: string };
  readonly status?: string;
  readonly reasons?: readonly string[];
}

/** An answer over REST. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** What a request may say besides its input. */
export interface Extras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A server in this process with fault models, reached over HTTP. */
export interface FaultServer extends AsyncDisposable {
  readonly app: App;
  readonly url: string;
  /** Port of gRPC, where the configuration asks for it. */
  readonly grpcPort: number | undefined;
  readonly log: EventLog<LogLine>;
  /** Path of a model's file. */
  file(model: string): string;
  pool(model: string): WorkerPool;
  predict(model: string, row: FaultRow, extras?: Extras): Promise<Answer>;
  predictBatch(model: string, rows: readonly FaultRow[], extras?: Extras): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

/** Starts a server whose models are fault models. @param models name → manifest in YAML */
export async function startFaultServer(
  models: Readonly<Record<string, string>>,
  overrides: Partial<Config> = {},
): Promise<FaultServer> {
  const modelsDir = await mkdtemp(path.join(os.tmpdir(), 'faults-'));
  const files = new Map<string, string>();
  for (const [name, manifest] of Object.entries(models)) {
    files.set(name, await writeFaultModel(modelsDir, name, { manifest }));
  }
  const log = new EventLog<LogLine>();
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => log.add(JSON.parse(line) as LogLine) },
  );
  const config = loadConfig(
    { HOST: '127.0.0.1', PORT: '0', ...NO_DRAIN },
    { modelsDir, ...overrides },
  );
  const app = createApp(config, logger);
  const { port, grpcPort } = await app.start();
  const url = `http://127.0.0.1:${port}`;
  const toAnswer = async (response: Response): Promise<Answer> => ({
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as AnswerBody,
  });
  const post = async (route: string, body: object, { headers, signal }: Extras = {}) =>
    toAnswer(
      await fetch(url + route, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: signal ?? null,
      }),
    );
  const input = (row: FaultRow) => ({ tensors: faultTensors(row) });
  return {
    app,
    url,
    grpcPort,
    log,
    file: (model) => files.get(model) ?? '',
    pool(model) {
      const { pool } = app.catalog.versions().find((version) => version.model === model) ?? {};
      if (!(pool instanceof WorkerPool)) throw new Error(`no pool of ${model}`);
      return pool;
    },
    predict: (model, row, extras = {}) =>
      post('/predict', { model, input: input(row), outputs: true, ...optionsOf(extras) }, extras),
    predictBatch: (model, rows, extras = {}) =>
      post(
        '/predict/batch',
        { model, inputs: rows.map(input), outputs: true, ...optionsOf(extras) },
        extras,
      ),
    get: async (route) => toAnswer(await fetch(url + route)),
    [Symbol.asyncDispose]: async () => {
      await app.stop();
      await rm(modelsDir, { recursive: true });
    },
  };
}

const optionsOf = ({ options }: Extras) => (options ? { options } : {});

/** The answer `y` of a prediction, or the code of the error in its place. */
export function answerOf({ outputs, error }: AnswerBody): number | string | undefined {
  return error?.code ?? outputs?.find(({ name }) => name === 'y')?.data[0];
}
