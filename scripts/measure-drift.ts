import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { openModels } from '../src/cli/offline-models.ts';
import { measuredModel } from '../src/prediction/drift/measured-model.ts';
import { ProfileStore } from '../src/prediction/drift/profile-store.ts';
import { VersionDrift } from '../src/telemetry/drift/version-drift.ts';

/**
 * Measures what watching for drift costs: memory of each shipped model (the heap before and after
 * many versions are watched, their windows full), and processor time of the main thread for uncached
 * predictions over REST, of two servers in turns, one with `DRIFT=false`. The figures of docs/drift.md
 * are from here: `npx tsx scripts/measure-drift.ts [memory|cost]`, after `npm run build`.
 */

const INSTANCES = 40;
const PAIRS = 60;
const PREDICTIONS = 400;
const AT_ONCE = 32;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function used(): Promise<number> {
  // What finalizers free is gone after another turn or two.
  for (let look = 0; look < 5; look++) {
    collectGarbage();
    await delay(100);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const IMAGES = await Promise.all(
  Array.from({ length: 500 }, async (_, i) => {
    const pixels = Buffer.from(
      Array.from({ length: 64 }, (_pixel, at) => (at * 37 + i * 11) % 256),
    );
    const raw = { width: 8, height: 8, channels: 1 } as const;
    const file = await sharp(pixels, { raw }).toColourspace('b-w').png().toBuffer();
    return `data:image/png;base64,${file.toString('base64')}`;
  }),
);

const INPUTS: Readonly<Record<string, (i: number) => Record<string, unknown>>> = {
  penguins: (i) => ({
    features: {
      island: ['Biscoe', 'Dream', 'Torgersen'][i % 3],
      bill_length_mm: 35 + (i % 200) / 10,
      bill_depth_mm: 14 + (i % 70) / 10,
      flipper_length_mm: 180 + (i % 45),
      body_mass_g: 3000 + i / 100,
      sex: i % 2 ? 'male' : 'female',
    },
  }),
  banking77: (i) => ({ text: `I am still waiting on my card number ${i}, where can it be?` }),
  // Each with pixels of its own: identical requests at once are answered by one run.
  digits: (i) => ({ image: IMAGES[i % IMAGES.length] }),
};

/** Lets all windows fill within a moment. */
function replaceClock(now: () => number): () => void {
  const own = Object.getOwnPropertyDescriptor(performance, 'now');
  Object.defineProperty(performance, 'now', { value: now, configurable: true });
  return () => {
    if (own) Object.defineProperty(performance, 'now', own);
    else Reflect.deleteProperty(performance, 'now');
  };
}

async function measureMemory(name: string): Promise<void> {
  const models = await openModels({ directory: 'models', only: name });
  const served = models.catalog.resolve(name, undefined);
  const { model, version, directory } = served;
  const measured = measuredModel(served);
  if (!measured || !served.live) throw new Error(`${name} is not ready`);
  const { signature } = measured;
  const store = new ProfileStore('/nonexistent');
  const watched: VersionDrift[] = [];
  const input = INPUTS[name]?.(1) ?? {};
  const { tensors } = await served.live.input.prepare(input).encode();
  const prediction = { prediction: 'x', confidence: 0.5, entropy: 0.5, outputs: [] };
  await models.close();
  let clock = performance.now();
  const restore = replaceClock(() => clock);
  const before = await used();
  for (let i = 0; i < INSTANCES; i++) {
    const found = await store.find({ model, version, signature }, directory);
    if (!('profile' in found)) throw new Error(found.problem);
    const drift = new VersionDrift({
      model,
      version,
      measured,
      windowRows: 500,
      onAlert: () => undefined,
    });
    drift.use(found.profile, found.digest);
    const features = drift.measureInput(input, tensors);
    for (let row = 0; row < 4500; row++) {
      // A part of the window of the day each hour, then one of the hour each five minutes.
      if (row % 100 === 0) clock += row < 3000 ? 3_600_000 : 300_000;
      drift.count(input, [...features], prediction);
      if (row % 500 === 0) drift.look(true, () => []);
    }
    watched.push(drift);
  }
  restore();
  const kilobytes = ((await used()) - before) / watched.length / 1024;
  const { memoryBytes } = watched[0]?.report('RECENT', () => [], null) ?? { memoryBytes: 0 };
  console.log(
    `${name}: ${kilobytes.toFixed(0)} kB measured, ${(memoryBytes / 1024).toFixed(0)} kB told`,
  );
}

/** A built server of its own process. */
async function startServer(
  state: string,
  drift: boolean,
): Promise<{ child: ChildProcess; port: number; pid: number }> {
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      DRIFT: String(drift),
      STATE_DIR: state,
      LOG_FORMAT: 'json',
      DRAIN_DELAY_MS: '0',
      CACHE_MAX_BYTES: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    log += chunk.toString();
    const port = /"port":(\d+).*"msg":"ready"/.exec(log)?.[1];
    if (port !== undefined) {
      child.stdout.resume();
      return { child, port: Number(port), pid: child.pid ?? 0 };
    }
  }
  throw new Error(`the server ended:\n${log}`);
}

/** Processor time of a main thread, in milliseconds. */
const mainThread = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

async function load(port: number, agent: Agent, model: string, from: number): Promise<void> {
  let next = 0;
  const one = (i: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const input = INPUTS[model]?.(from + i);
      const sent = request(
        {
          port,
          agent,
          method: 'POST',
          path: '/predict',
          headers: { 'content-type': 'application/json' },
        },
        (response) => {
          response.resume().on('end', () => {
            if (response.statusCode === 200) resolve();
            else reject(new Error(`status ${response.statusCode ?? 0}`));
          });
        },
      );
      sent.on('error', reject);
      sent.end(JSON.stringify({ model, input }));
    });
  const lane = async (): Promise<void> => {
    while (next < PREDICTIONS) await one(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function measureCost(): Promise<void> {
  const state = mkdtempSync(path.join(os.tmpdir(), 'measure-drift-'));
  const servers = [
    await startServer(path.join(state, 'on'), true),
    await startServer(path.join(state, 'off'), false),
  ];
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    for (const model of Object.keys(INPUTS)) {
      const ratios: number[] = [];
      const without: number[] = [];
      for (let pair = -2; pair < PAIRS; pair++) {
        const spent = [0, 0];
        for (const at of pair % 2 === 0 ? [0, 1] : [1, 0]) {
          const server = servers[at];
          if (!server) continue;
          const before = mainThread(server.pid);
          await load(server.port, agent, model, (pair + 2) * PREDICTIONS);
          spent[at] = mainThread(server.pid) - before;
        }
        const [on = 0, off = 0] = spent;
        if (pair < 0) continue;
        ratios.push(off / on);
        without.push((off / PREDICTIONS) * 1000);
      }
      ratios.sort((a, b) => a - b);
      without.sort((a, b) => a - b);
      const at = (share: number): string =>
        (ratios[Math.floor(share * (ratios.length - 1))] ?? 0).toFixed(3);
      const cost = (without[Math.floor(without.length / 2)] ?? 0).toFixed(0);
      console.log(
        `${model}: ${at(0.5)} of the rate without, which takes ${cost} µs a prediction ` +
          `(quartiles ${at(0.25)} to ${at(0.75)})`,
      );
    }
  } finally {
    agent.destroy();
    for (const { child } of servers) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(state, { recursive: true, force: true });
  }
}

const what = process.argv[2];
if (what !== 'cost') for (const name of Object.keys(INPUTS)) await measureMemory(name);
if (what !== 'memory') await measureCost();
