import type { BenchResults } from '../results.ts';
import { markdownTable } from './table.ts';
import { figureTable, scenarioTable, type Table, targetTable } from './tables.ts';

/** docs/benchmarks.md. */
export function renderPage(results: BenchResults): string {
  const { date, command, machine, rounds, seconds, connections } = results;
  return `<!-- Written by \`npm run bench\`; changes here are lost. -->

# Benchmarks

${machine}. Made on ${date.slice(0, 10)} with

\`\`\`sh
${command}
\`\`\`

All contenders ran on that machine in that run: each server in its own process on loopback, the load from another process, ${connections} connections, ${rounds} rounds of ${seconds} s in turns (A B C, A B C, …). Absolute figures belong to the machine, and its cores are shared by the server, the load and whatever else runs; the ratios are what counts. Figures are medians, in parentheses the least and the greatest. "CPU µs each" is the processor time of the contender's own processes for one prediction, without Redis, the load and the bench. A ratio is taken within each round, then the median of the rounds.

![Predictions a second of this server and of its alternatives](benchmarks.svg)

## Targets

${draw(targetTable(results))}

${results.figures.length > 0 ? `## Single figures\n\n${draw(figureTable(results))}\n` : ''}
## Scenarios

${results.scenarios.map((each) => `### ${each.title}\n\n${draw(scenarioTable(results, each))}`).join('\n\n')}

${results.remarks.length > 0 ? `## Remarks\n\n${results.remarks.map((line) => `- ${line}`).join('\n')}\n` : ''}
## How it is measured

- **Load**: [autocannon](https://github.com/mcollina/autocannon). It comes with \`npm ci\` on every system and can make each request's input new; measured against \`wrk\` on bare \`node:http\` it reaches the same rate, so it is the server that is measured. Bodies are made before the clock starts.
- **This server**: \`node dist/main.js\` with its defaults, so answers are cached in memory (but for the access log, which is off for all); "with Redis" adds the shared cache behind it. The encoder has one worker a core.
- **FastAPI + PyTorch + Redis** (\`bench/contenders/seed/\`): the same weights, request and answer; uvicorn with uvloop and httptools where installed, redis-py with hiredis, inference in a pool of threads under \`torch.inference_mode\`, the encoder traced and frozen. Three deployments (one process on all cores; one process with an inference thread a core; one process a core) are tried for each scenario, and the quickest is measured.
- **Bare servers** answer a constant: what Node's HTTP and the GraphQL servers leave at best.
- **The engine alone** runs full batches of ready tensors in a loop without a server, one process of one thread a core.
- **A lone request** is timed by a client that writes to the socket itself; the time of the engine for one row, taken in turns with it, is subtracted.

\`npm run bench -- --quick\` takes under a minute. \`npm run bench -- --guard\` compares the ratios with \`bench/baseline.json\` and fails on a loss of more than 10 %; \`--save-baseline\` renews it. Ratios against an engine depend on the cores of a machine; \`npm run bench:revision -- REVISION\` builds another revision beside this one and measures both in turns, at least 20 pairs of runs, with the interval of their median.
`;
}

function draw({ head, rows, align }: Table): string {
  return markdownTable(head, rows, align);
}
