import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { ROOT } from './children.ts';
import { renderPage } from './render/page.ts';
import { renderSvg } from './render/svg.ts';
import { textTable } from './render/table.ts';
import { figureTable, scenarioTable, type Table, targetTable } from './render/tables.ts';
import { allRatios, type BenchResults } from './results.ts';

const BASELINE = path.join(ROOT, 'bench', 'baseline.json');

/** Prints everything on stdout. */
export function print(results: BenchResults): void {
  const draw = ({ head, rows, align }: Table) => `${textTable(head, rows, align)}\n\n`;
  let text = `\n${results.machine}\n\n`;
  for (const scenario of results.scenarios) {
    text += `${scenario.title}\n${draw(scenarioTable(results, scenario))}`;
  }
  if (results.figures.length > 0) text += draw(figureTable(results));
  text += draw(targetTable(results));
  for (const remark of results.remarks) text += `${remark}\n`;
  process.stdout.write(text);
}

/** Writes the results; the page and its plot only for a run of everything. */
export async function save(results: BenchResults, complete: boolean): Promise<string[]> {
  const files: Record<string, string> = {
    'bench/results/latest.json': JSON.stringify(results),
    ...(complete && {
      'docs/benchmarks.md': renderPage(results),
      'docs/benchmarks.svg': renderSvg(results),
    }),
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(ROOT, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, await tidy(file, content));
  }
  return Object.keys(files);
}

/** Keeps the ratios of this run for {@link readBaseline}; others that are there stay. */
export async function saveBaseline(results: BenchResults): Promise<void> {
  const ratios = { ...readBaseline(), ...allRatios(results) };
  writeFileSync(BASELINE, await tidy(BASELINE, JSON.stringify({ ratios })));
}

/** The committed ratios. */
export function readBaseline(): Record<string, number> {
  try {
    const { ratios } = JSON.parse(readFileSync(BASELINE, 'utf8')) as {
      ratios: Record<string, number>;
    };
    return ratios;
  } catch {
    return {};
  }
}

/** As the formatter of the project wants it. */
function tidy(file: string, content: string): string | Promise<string> {
  if (file.endsWith('.svg')) return content;
  return format(content, { filepath: file, singleQuote: true, printWidth: 100 });
}
