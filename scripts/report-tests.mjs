/**
 * Prints one plain line of vitest's JSON reports; fails where a test failed or was skipped, or where
 * a report is missing.
 */
import { existsSync, readFileSync } from 'node:fs';

let [passed, failed, skipped] = [0, 0, 0];
for (const file of process.argv.slice(2)) {
  if (!existsSync(file)) {
    console.log(`failed: there is no ${file}`);
    failed++;
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed += report.numPassedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  failed += report.numFailedTests;
  for (const { name, status, message, assertionResults } of report.testResults) {
    // A file that could not be loaded has no tests, and its skipped ones may be because of a hook.
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed')) {
      failed++;
      console.log(`failed: ${name}: ${message}`);
    }
    for (const test of assertionResults) {
      if (test.status !== 'passed') console.log(`${test.status}: ${test.fullName}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || skipped > 0 || passed === 0 ? 1 : 0);
