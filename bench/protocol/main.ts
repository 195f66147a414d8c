import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { measureProtocol } from './measure.ts';
import { MEASURED_FILE, protocolSection, readMeasured } from './section.ts';

/**
 * Writes the section of docs/benchmarks.md about the Open Inference Protocol:
 * `npx tsx bench/protocol/main.ts`; with `--measure` after measuring this machine anew.
 */

const PAGE = path.join(import.meta.dirname, '../../docs/benchmarks.md');

if (process.argv.includes('--measure')) {
  const measured = await measureProtocol(3, 3);
  writeFileSync(MEASURED_FILE, `${JSON.stringify(measured)}\n`);
}
const page = readFileSync(PAGE, 'utf8').replace(
  /## Open Inference Protocol\n[\s\S]*?(?=\n## |$)/,
  '',
);
const section = protocolSection(readMeasured());
writeFileSync(
  PAGE,
  page.replace(/\n+## How it is measured/, `\n\n${section}\n## How it is measured`),
);
process.exit(0);
