import { execFileSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { ROOT } from './children.ts';
import type { BenchContext } from './contenders/contender.ts';
import { contenders } from './contenders/contenders.ts';
import { RedisServer } from './contenders/redis-server.ts';
import { pythonSpeedups } from './contenders/seed.ts';
import { compareRatios, formatComparisons } from './guard.ts';
import { LoadDriver } from './load/driver.ts';
import { prepareModels } from './models/bench-models.ts';
import { type BenchOptions, parseOptions, USAGE } from './options.ts';
import { print, readBaseline, save, saveBaseline } from './output.ts';
import { progress } from './progress.ts';
import { allRatios, type BenchResults, type Figure, machineLine } from './results.ts';
import { Runner } from './runner.ts';
import { selectScenarios } from './scenario.ts';
import { measureFigures } from './special/figures.ts';

/** `npm run bench`: builds, measures everybody in turns, prints and keeps the results. */
async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  progress('preparing models');
  const results = await measure(options, argv);
  print(results);
  const complete = !options.quick && options.only.length === 0;
  progress(`wrote ${(await save(results, complete)).join(', ')}`);
  if (options.saveBaseline) await saveBaseline(results);
  return options.guard ? guard(results) : 0;
}

async function measure(options: BenchOptions, argv: readonly string[]): Promise<BenchResults> {
  const { rounds, seconds, connections } = options;
  const busy = remarkWhenBusy();
  busy.forEach(progress);
  const redis = new RedisServer();
  const driver = new LoadDriver();
  const context: BenchContext = { driver, connections, models: prepareModels() };
  const runner = new Runner(contenders(redis), context, options);
  const scenarios = [];
  const figures: Figure[] = [];
  try {
    const selected = selectScenarios(options);
    await runner.start(selected);
    for (const scenario of selected) scenarios.push(await runner.run(scenario));
    await runner.stop();
    for await (const figure of measureFigures(context, options)) {
      if (typeof figure === 'string') runner.remarks.push(figure);
      else figures.push(figure);
    }
  } finally {
    await runner.stop();
    await driver.stop();
    await redis.stop();
  }
  return {
    date: new Date().toISOString(),
    command: ['npm run bench', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' '),
    machine: machineLine(),
    rounds,
    seconds,
    connections,
    scenarios,
    figures,
    remarks: [...busy, ...runner.remarks, `Python: ${pythonSpeedups()}`],
  };
}

/** Rates mean little where others take the processor. */
function remarkWhenBusy(): string[] {
  const [load = 0] = loadavg();
  if (load < availableParallelism() / 2) return [];
  return [`The machine was busy (load ${load.toFixed(1)}): trust CPU times more than rates.`];
}

function guard(results: BenchResults): number {
  const comparisons = compareRatios(readBaseline(), allRatios(results));
  process.stdout.write(`\n${formatComparisons(comparisons)}\n`);
  return comparisons.length === 0 || comparisons.some(({ failed }) => failed) ? 1 : 0;
}

const code = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
// Whatever still runs after a failure ends with this process.
process.exit(code);
