import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ask, type Child, freePort, ROOT, startScript, waitFor } from '../children.ts';
import { runLoops, startLoops } from '../contenders/raw.ts';
import { startServer } from '../contenders/this-server.ts';
import { progress } from '../progress.ts';
import { machineLine } from '../results.ts';
import { pairedRatio, spread, type Spread } from '../stats.ts';
import type { ProtocolJob, ProtocolMeasurement } from './worker.ts';

/** Images of one request. */
const BATCH = 64;

/** What was measured of the protocol. */
export interface ProtocolResults {
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Rows a second, by subject. */
  readonly rates: Readonly<Record<string, Spread>>;
  /** Milliseconds of a lone request in the middle, by subject. */
  readonly lone: Readonly<Record<string, Spread>>;
  readonly ratios: Readonly<Record<string, Spread>>;
  /** What a remote engine on the same machine adds, in milliseconds. */
  readonly remoteAddsMs: Spread;
}

type Subject = Omit<ProtocolJob, 'seconds' | 'concurrency'>;

/** Measures all subjects in turns. */
export async function measureProtocol(rounds: number, seconds: number): Promise<ProtocolResults> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-protocol-'));
  const children: Child[] = [];
  try {
    const models = path.join(folder, 'models');
    await cp(path.join(ROOT, 'models', 'digits'), path.join(models, 'digits'), { recursive: true });
    const own = await startPeer(models, children);
    const remotes = path.join(folder, 'remotes');
    await mkdir(path.join(remotes, 'digits'), { recursive: true });
    await writeFile(
      path.join(remotes, 'digits', 'model.yaml'),
      `runtime: remote\nurl: http://127.0.0.1:${own.port}\n`,
    );
    const remote = await startPeer(remotes, children);
    const echo = startScript('protocol/echo.ts');
    children.push(echo);
    const [echoPort] = (await once(echo.process, 'message')) as [number];
    const load = startScript('protocol/worker.ts');
    children.push(load);
    const loops = await startLoops('digits', models);
    children.push(...loops);
    const run = (subject: Subject, concurrency: number) =>
      ask<ProtocolMeasurement>(load, { ...subject, concurrency, seconds } satisfies ProtocolJob);

    const infer = '/v2/models/digits/infer';
    const batch = { rows: BATCH, isCached: false };
    const single = { rows: 1, isCached: false };
    const { port, grpcPort } = own;
    const flood: Readonly<Record<string, [Subject, number]>> = {
      'rest-json': [{ form: 'rest-json', port, path: '/predict/batch', ...batch }, 8],
      'v2-json': [{ form: 'v2-json', port, path: infer, ...batch }, 8],
      'v2-binary': [{ form: 'v2-binary', port, path: infer, ...batch }, 8],
      grpc: [{ form: 'grpc', port: grpcPort, path: '', ...batch }, 8],
      'grpc-single': [{ form: 'grpc', port: grpcPort, path: '', ...single }, 32],
      'grpc-single-cached': [
        { form: 'grpc', port: grpcPort, path: '', rows: 1, isCached: true },
        32,
      ],
      'grpc-echo': [{ form: 'grpc', port: echoPort, path: '', ...single }, 32],
    };
    const alone: Readonly<Record<string, Subject>> = {
      here: { form: 'v2-binary', port, path: infer, ...single },
      remote: { form: 'v2-binary', port: remote.port, path: infer, ...single },
    };
    const rates: Record<string, number[]> = {};
    const lone: Record<string, number[]> = {};
    // The first round only warms.
    for (let round = 0; round <= rounds; round++) {
      const note = (all: Record<string, number[]>, name: string, value: number, unit: string) => {
        progress(`protocol ${round}/${rounds}: ${name}: ${value.toFixed(3)} ${unit}`);
        if (round > 0) (all[name] ??= []).push(value);
      };
      for (const [name, [subject, concurrency]] of Object.entries(flood)) {
        const { perSecond, errors } = await run(subject, concurrency);
        if (errors > 0) throw new Error(`${name}: ${errors} errors`);
        note(rates, name, perSecond, 'rows/s');
      }
      const raw = await runLoops(loops, { rows: BATCH, seconds });
      note(rates, 'raw', raw.perSecond, 'rows/s');
      for (const [name, subject] of Object.entries(alone)) {
        const { p50Ms, errors } = await run(subject, 1);
        if (errors > 0) throw new Error(`${name}: ${errors} errors`);
        note(lone, name, p50Ms, 'ms');
      }
    }
    const ratio = (over: string, under: string): Spread => {
      const found = pairedRatio(rates[over] ?? [], rates[under] ?? []);
      if (!found) throw new Error(`${over} or ${under} was not measured`);
      return found;
    };
    return {
      date: new Date().toISOString().slice(0, 10),
      machine: machineLine(),
      rounds,
      seconds,
      rates: spreads(rates),
      lone: spreads(lone),
      ratios: {
        'v2-binary / rest-json': ratio('v2-binary', 'rest-json'),
        'grpc / rest-json': ratio('grpc', 'rest-json'),
        'v2-binary / v2-json': ratio('v2-binary', 'v2-json'),
        'grpc / v2-json': ratio('grpc', 'v2-json'),
        'v2-binary / raw': ratio('v2-binary', 'raw'),
        'grpc / raw': ratio('grpc', 'raw'),
        'grpc-single / grpc-echo': ratio('grpc-single', 'grpc-echo'),
        'grpc-single-cached / grpc-echo': ratio('grpc-single-cached', 'grpc-echo'),
      },
      remoteAddsMs: spread((lone.remote ?? []).map((ms, i) => ms - (lone.here?.[i] ?? 0))),
    };
  } finally {
    for (const child of children) await child.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const spreads = (all: Readonly<Record<string, readonly number[]>>) =>
  Object.fromEntries(Object.entries(all).map(([name, values]) => [name, spread([...values])]));

async function startPeer(models: string, children: Child[]) {
  const grpcPort = await freePort();
  // One worker a core, as the engine alone has one loop a core.
  const workers = String(os.availableParallelism());
  const env = { GRPC_PORT: String(grpcPort), WORKERS_PER_MODEL: workers };
  const { url, child } = await startServer(models, env);
  children.push(child);
  await waitFor(`${url}/readyz`, child);
  return { port: Number(new URL(url).port), grpcPort };
}
