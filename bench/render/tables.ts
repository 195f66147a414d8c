import type { BenchResults, ScenarioResult } from '../results.ts';
import { ratioOf } from '../results.ts';
import { SUBJECT_TITLES } from '../scenario.ts';
import type { Spread } from '../stats.ts';
import { judge, round } from '../targets.ts';

/** A table before it is drawn. */
export interface Table {
  readonly head: readonly string[];
  readonly align: readonly ('left' | 'right')[];
  readonly rows: readonly (readonly string[])[];
}

/** The subjects of one scenario: rates, times, and how many times this server is each of them. */
export function scenarioTable(results: BenchResults, scenario: ScenarioResult): Table {
  const own = scenario.subjects.find(({ subject }) => subject.startsWith('server-'))?.subject;
  const rows = scenario.subjects.map(
    ({ subject, perSecond, p50Ms, p99Ms, errors, cpuUs, note }) => {
      const ratio =
        own === undefined || own === subject ? null : ratioOf(results, scenario.id, own, subject);
      const title =
        note === undefined ? SUBJECT_TITLES[subject] : `${SUBJECT_TITLES[subject]} (${note})`;
      return [
        errors === 0 ? title : `${title}, ${errors} errors`,
        formatSpread(perSecond),
        subject === 'raw' ? '' : round(p50Ms.median),
        subject === 'raw' ? '' : round(p99Ms.median),
        cpuUs ? round(cpuUs.median) : '',
        ratio === null ? '' : `${formatSpread(ratio)} ×`,
      ];
    },
  );
  const skipped = scenario.skipped.map(({ subject, reason }) => [
    `${SUBJECT_TITLES[subject]}: skipped, ${firstLine(reason)}`,
    ...Array.from({ length: 5 }, () => ''),
  ]);
  return {
    head: [
      'Contender',
      'predictions/s',
      'p50 ms',
      'p99 ms',
      'CPU µs each',
      own === undefined ? 'ratio' : 'first line over this one',
    ],
    align: ['left', 'right', 'right', 'right', 'right', 'right'],
    rows: [...rows, ...skipped],
  };
}

/** The targets and what became of them. */
export function targetTable(results: BenchResults): Table {
  return {
    head: ['Target', 'measured', 'at least / at most', 'met'],
    align: ['left', 'right', 'right', 'left'],
    rows: judge(results).map(({ what, measured, target, met }) => [what, measured, target, met]),
  };
}

/** The single figures. */
export function figureTable(results: BenchResults): Table {
  return {
    head: ['Figure', 'measured', 'how'],
    align: ['left', 'right', 'left'],
    rows: results.figures.map(({ title, value, unit, about }) => [
      title,
      `${formatSpread(value)} ${unit}`,
      about,
    ]),
  };
}

/** `median (min–max)`; the median alone where there was one round. */
export function formatSpread({ median, min, max }: Spread): string {
  if (min === max) return round(median);
  return `${round(median)} (${round(min)}–${round(max)})`;
}

/** Reasons stand in a cell of a table. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 100);
}
