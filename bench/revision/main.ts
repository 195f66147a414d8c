import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Child, ROOT, waitFor } from '../children.ts';
import { type BenchContext, httpSubject, type Subject } from '../contenders/contender.ts';
import { startServer } from '../contenders/this-server.ts';
import { typedApi } from '../contenders/typed-query.ts';
import { ALLOWED_LOSS } from '../guard.ts';
import { LoadDriver } from '../load/driver.ts';
import { prepareModels } from '../models/bench-models.ts';
import { progress } from '../progress.ts';
import { SCENARIOS, type Scenario, SUBJECT_TITLES } from '../scenario.ts';
import { checkOut } from './checkout.ts';
import { comparePairs, LEAST_PAIRS } from './pairs.ts';

const USAGE = `Usage: npm run bench:revision -- REVISION [options]

Measures the working tree against a revision, in turns (A B, B A, …), on the same machine and under
the same load. Exits with 1 where the working tree is surely more than 10 % slower.

  --pairs n      pairs of runs of each scenario (20)
  --seconds n    length of a run (1)
  --only a,b     only scenarios whose id contains one of these
`;

/** What both revisions answer. */
const MEASURED: readonly (readonly [
  scenario: string,
  subject: 'server-rest' | 'server-graphql' | 'server-typed',
])[] = [
  ['cached-rest', 'server-rest'],
  ['cached-graphql', 'server-graphql'],
  ['cached-graphql', 'server-typed'],
  ['uncached-banking77', 'server-rest'],
  ['uncached-digits', 'server-rest'],
  ['batch-banking77', 'server-rest'],
];

interface Server {
  readonly url: string;
  readonly child: Child;
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const [revision] = positionals;
  const pairs = Number(values.pairs);
  const seconds = Number(values.seconds);
  if (revision === undefined || !(pairs >= LEAST_PAIRS) || !(seconds > 0)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const only = values.only.split(',');
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { cwd: ROOT });
  using before = checkOut(revision);
  const driver = new LoadDriver();
  const context: BenchContext = { driver, connections: 32, models: prepareModels() };
  const servers: Server[] = [];
  let lost = 0;
  try {
    for (const folder of [before.folder, ROOT]) {
      const server = await startServer(
        prepareModels(folder).folder,
        {},
        path.join(folder, 'dist/main.js'),
      );
      servers.push(server);
      await waitFor(`${server.url}/readyz`, server.child);
    }
    for (const [id, subject] of MEASURED) {
      const scenario = SCENARIOS.find((each) => each.id === id);
      if (!scenario || !only.some((part) => id.includes(part))) continue;
      const subjects = await Promise.all(
        servers.map((server) => subjectOf(subject, context, scenario, server)),
      );
      const { ratio, low, high } = await inTurns(subjects, pairs, seconds);
      const isLost = high < 1 - ALLOWED_LOSS;
      if (isLost) lost++;
      const verdict = isLost ? 'LOST' : ratio < 1 - ALLOWED_LOSS ? 'not sure' : 'ok';
      process.stdout.write(
        `${`${id}, ${SUBJECT_TITLES[subject]}`.padEnd(56)} ${ratio.toFixed(2)} × of ${before.commit} ` +
          `(${low.toFixed(2)}–${high.toFixed(2)})  ${verdict}\n`,
      );
    }
  } finally {
    await Promise.all([...servers.map(({ child }) => child.stop()), driver.stop()]);
  }
  return lost === 0 ? 0 : 1;
}

/** Whoever begins a pair changes, so that neither always has the warmer machine. */
async function inTurns(subjects: readonly Subject[], pairs: number, seconds: number) {
  const rates = subjects.map((): number[] => []);
  for (const subject of subjects) await subject.warm(2);
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? [0, 1] : [1, 0];
    for (const at of order) {
      const measured = await subjects[at]?.measure(seconds);
      if (measured) rates[at]?.push(measured.perSecond);
    }
  }
  progress(`${pairs} pairs`);
  return comparePairs(rates[0] ?? [], rates[1] ?? []);
}

async function subjectOf(
  id: (typeof MEASURED)[number][1],
  context: BenchContext,
  scenario: Scenario,
  { url, child }: Server,
): Promise<Subject> {
  if (id === 'server-rest') {
    const route = scenario.mode === 'batch' ? '/predict/batch' : '/predict';
    return httpSubject(id, context, scenario, { url: url + route, child, api: { kind: 'rest' } });
  }
  const api =
    id === 'server-typed'
      ? await typedApi(`${url}/graphql`, scenario.model)
      : ({ kind: 'graphql' } as const);
  return httpSubject(id, context, scenario, { url: `${url}/graphql`, child, api });
}

const code = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
process.exit(code);
