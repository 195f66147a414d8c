import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { availableParallelism } from 'node:os';
import { freePort, ROOT, startProgram, waitFor, type Child } from '../children.ts';
import { type Contender, httpSubject, type Subject, Skipped } from './contender.ts';
import type { RedisServer } from './redis-server.ts';
import { seedModels, writeSeedConfig } from './seed-config.ts';

const PYTHON = process.env.BENCH_PYTHON ?? '/usr/bin/python3';
const PACKAGES = ['fastapi', 'uvicorn', 'torch', 'redis', 'numpy', 'PIL', 'onnx', 'ujson'];
const SPEEDUPS = ['uvloop', 'httptools', 'hiredis'];

/** One way to deploy the stack: processes, and threads of each. */
interface Deployment {
  readonly workers: number;
  readonly torchThreads: number;
  readonly inferenceThreads: number;
}

interface RunningDeployment extends Deployment {
  readonly url: string;
  readonly child: Child;
}

/** FastAPI with PyTorch and Redis. Every scenario takes the deployment that is quickest at it. */
export function seed(redis: RedisServer): Contender {
  return {
    name: 'FastAPI + PyTorch + Redis',
    subjects: ['seed'],
    async start(context) {
      checkPackages();
      const config = writeSeedConfig(context.models);
      const redisUrl = `${await redis.url()}/0`;
      const known = seedModels(context.models);
      const running = await Promise.all(
        deployments(availableParallelism()).map((each) => deploy(each, config, redisUrl)),
      );
      return {
        subject(id, scenario) {
          if (!known.has(scenario.model)) throw new Skipped(`no PyTorch model "${scenario.model}"`);
          const path = scenario.mode === 'batch' ? '/predict/batch' : '/predict';
          return quickest(
            running.map((each) => ({
              label: describe(each),
              subject: httpSubject(id, context, scenario, {
                url: each.url + path,
                child: each.child,
                api: { kind: 'rest' },
              }),
            })),
          );
        },
        async stop() {
          await Promise.all(running.map(({ child }) => child.stop()));
        },
      };
    },
  };
}

/** One process that uses all cores, one that uses one, and one process a core. */
export function deployments(cores: number): Deployment[] {
  const all: Deployment[] = [
    { workers: 1, torchThreads: cores, inferenceThreads: 1 },
    { workers: 1, torchThreads: 1, inferenceThreads: cores },
    { workers: cores, torchThreads: 1, inferenceThreads: 1 },
  ];
  return cores === 1 ? all.slice(0, 1) : all;
}

function describe({ workers, torchThreads, inferenceThreads }: Deployment): string {
  return `uvicorn workers ${workers}, torch threads ${torchThreads}, inference threads ${inferenceThreads}`;
}

/** A subject that tries several settings while it warms up and keeps the best. */
export function quickest(candidates: readonly { label: string; subject: Subject }[]): Subject {
  const [first] = candidates;
  if (!first) throw new Error('no setting to choose from');
  let best = first;
  const { id } = best.subject;
  return {
    id,
    get url() {
      return best.subject.url ?? '';
    },
    async warm(seconds) {
      let most = -1;
      for (const candidate of candidates) {
        const { perSecond } = await candidate.subject.measure(seconds);
        if (perSecond > most) {
          most = perSecond;
          best = candidate;
        }
      }
      if (most <= 0) throw new Error('no deployment answered anything');
    },
    measure: (seconds) => best.subject.measure(seconds),
    note: () => best.label,
  };
}

async function deploy(
  deployment: Deployment,
  config: string,
  redisUrl: string,
): Promise<RunningDeployment> {
  const { workers, torchThreads, inferenceThreads } = deployment;
  const port = await freePort();
  const folder = path.join(ROOT, 'bench', 'contenders', 'seed');
  const program = ['-m', 'uvicorn', '--app-dir', folder, 'app:app'];
  const listen = ['--host', '127.0.0.1', '--port', String(port), '--workers', String(workers)];
  const quiet = ['--no-access-log', '--log-level', 'warning'];
  const child = startProgram(PYTHON, [...program, ...listen, ...quiet], {
    BENCH_CONFIG: config,
    REDIS_URL: redisUrl,
    TORCH_THREADS: String(torchThreads),
    INFERENCE_THREADS: String(inferenceThreads),
    OMP_NUM_THREADS: String(torchThreads),
    OPENBLAS_NUM_THREADS: String(torchThreads),
    PYTHONDONTWRITEBYTECODE: '1',
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(`${url}/health`, child);
  return { ...deployment, url, child };
}

/** Also fails for a PyTorch without a fast BLAS: 30 times slower, the comparison would be unfair. */
function checkPackages(): void {
  const check = `import importlib.util as u
missing = [n for n in ${JSON.stringify(PACKAGES)} if u.find_spec(n) is None]
if not missing:
    import time, torch
    a = torch.rand(1024, 1024); a @ a
    start = time.perf_counter(); a @ a
    if time.perf_counter() - start > 0.25: missing = ["a fast BLAS (libopenblas0-pthread)"]
print(", ".join(missing))`;
  let missing: string;
  try {
    missing = execFileSync(PYTHON, ['-c', check], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    throw new Skipped(`${PYTHON} cannot be run`);
  }
  if (missing !== '') throw new Skipped(`missing in Python: ${missing}`);
}

/** Which of the optional accelerators Python has; uvicorn and redis-py use them by themselves. */
export function pythonSpeedups(): string {
  try {
    const check = `import importlib.util as u, torch, fastapi, uvicorn
found = [n for n in ${JSON.stringify(SPEEDUPS)} if u.find_spec(n)]
print(f"PyTorch {torch.__version__}, FastAPI {fastapi.__version__}, uvicorn {uvicorn.__version__}", *found, sep=", ")`;
    return execFileSync(PYTHON, ['-c', check], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'not installed';
  }
}
