import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measure } from './measure.ts';
import { MEASURED_FILE, measuredTable, readMeasured, simulatedTable } from './tables.ts';

/**
 * Writes the tables of docs/scaling.md: `npx tsx bench/scaling/main.ts`; with `--measure` after
 * measuring this machine anew.
 */

const PAGE = path.join(import.meta.dirname, '../../docs/scaling.md');

if (process.argv.includes('--measure')) {
  const cores = os.cpus();
  const measured = await measure(`${cores.length} × ${cores[0]?.model.trim() ?? 'unknown CPU'}`);
  writeFileSync(MEASURED_FILE, `${JSON.stringify(measured)}\n`);
}
const measured = readMeasured();
const tables: Readonly<Record<string, string>> = {
  'scaling-measured': measuredTable(measured),
  'scaling-simulated': simulatedTable(measured),
};
let page = readFileSync(PAGE, 'utf8');
for (const [name, content] of Object.entries(tables)) {
  const lines = ['<!-- prettier-ignore-start -->', content, '<!-- prettier-ignore-end -->'];
  page = page.replace(
    new RegExp(`<!-- generated:${name} -->[\\s\\S]*?<!-- /generated -->`),
    `<!-- generated:${name} -->\n${lines.join('\n\n')}\n<!-- /generated -->`,
  );
}
writeFileSync(PAGE, page);
