import { readFileSync } from 'node:fs';
import path from 'node:path';
import { markdownTable } from '../render/table.ts';
import { round } from '../targets.ts';
import type { ProtocolResults } from './measure.ts';

/** What was measured last. */
export const MEASURED_FILE = path.join(import.meta.dirname, 'measured.json');

/** Reads it. */
export function readMeasured(): ProtocolResults {
  return JSON.parse(readFileSync(MEASURED_FILE, 'utf8')) as ProtocolResults;
}

const RATES: Readonly<Record<string, string>> = {
  'rest-json': 'JSON, `POST /predict/batch`, batches of 64',
  'v2-json': 'JSON, `/v2/…/infer`, batches of 64',
  'v2-binary': 'binary tensors, `/v2/…/infer`, batches of 64',
  grpc: 'gRPC, raw contents, batches of 64',
  raw: 'the engine alone, batches of 64',
  'grpc-single': 'gRPC, single requests, every input new',
  'grpc-single-cached': 'gRPC, single requests, cached',
  'grpc-echo': 'bare `@grpc/grpc-js`, echo of a single request',
};

const TARGETS: readonly (readonly [string, string, number])[] = [
  ['Binary tensors over REST, against JSON over REST', 'v2-binary / rest-json', 4],
  ['gRPC, against JSON over REST', 'grpc / rest-json', 4],
  ['Binary tensors over REST, against the engine alone', 'v2-binary / raw', 0.5],
  ['gRPC, against the engine alone', 'grpc / raw', 0.5],
  ['Single requests over gRPC (cached), against an echo', 'grpc-single-cached / grpc-echo', 0.7],
  ['Single requests over gRPC (every input new), against an echo', 'grpc-single / grpc-echo', 0.7],
];

/** The part of docs/benchmarks.md about the protocol. */
export function protocolSection(results: ProtocolResults): string {
  const { date, machine, rounds, seconds, rates, ratios, lone, remoteAddsMs } = results;
  const isMet = (met: boolean) => (met ? 'yes' : 'no');
  const targets = [
    ...TARGETS.map(([title, ratio, least]) => {
      const value = ratios[ratio]?.median ?? 0;
      return [title, `${round(value)} ×`, `${least} ×`, isMet(value >= least)];
    }),
    [
      'A remote engine on the same machine adds to a lone request, p50',
      `${round(remoteAddsMs.median)} ms`,
      'under 1 ms',
      isMet(remoteAddsMs.median < 1),
    ],
  ];
  const rows = Object.entries(RATES).map(([subject, title]) => {
    const { median = 0, min = 0, max = 0 } = rates[subject] ?? {};
    return [title, `${round(median)} (${round(min)} to ${round(max)})`];
  });
  return `## Open Inference Protocol

\`digits\` with new inputs, 8 connections for batches and 32 requests under way for single ones; ${rounds} rounds of ${seconds} s in turns on ${date}, ${machine}. \`npx tsx bench/protocol/main.ts --measure\` measures it anew. A lone request takes ${round(lone.here?.median ?? 0)} ms here and ${round(lone.remote?.median ?? 0)} ms by another server of ours in front.

${markdownTable(['Target', 'measured', 'at least / at most', 'met'], targets, ['left', 'right', 'right', 'left'])}

${markdownTable(['Way', 'Rows a second'], rows, ['left', 'right'])}
`;
}
