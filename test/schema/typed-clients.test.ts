import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const FILE = path.resolve('test/schema/client-under-test.ts');

/** Problems that the compiler finds in a client's code, which imports the generated types. */
function problemsOf(code: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  host.readFile = (file) => (file === FILE ? code : ts.sys.readFile(file));
  host.fileExists = (file) => file === FILE || ts.sys.fileExists(file);
  const program = ts.createProgram([FILE], options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(FILE))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const TYPES = `import type { Banking77Prediction, QueryPenguinsArgs } from '../generated/graphql.ts';\n`;

describe('types that a frontend generates from the schema', () => {
  it('accept a label and the columns of a model', () => {
    const code = `${TYPES}
      export const isArrival = (answer: Banking77Prediction) => answer.label === 'card_arrival';
      export const row: QueryPenguinsArgs = { island: 'Biscoe', billLengthMm: 46.1 };`;
    expect(problemsOf(code)).toEqual([]);
  });

  it('reject a misspelt label', () => {
    const code = `${TYPES}
      export const isArrival = (answer: Banking77Prediction) => answer.label === 'card_arival';`;
    expect(problemsOf(code).join()).toContain('have no overlap');
  });

  it('reject a missing column', () => {
    const code = `${TYPES}
      export const row: QueryPenguinsArgs = { billLengthMm: 46.1 };`;
    expect(problemsOf(code).join()).toContain("'island'");
  });

  it('reject a value that a column does not have, and a column that there is not', () => {
    const unknownValue = `${TYPES}
      export const row: QueryPenguinsArgs = { island: 'Atlantis' };`;
    expect(problemsOf(unknownValue).join()).toContain('Atlantis');
    const unknownColumn = `${TYPES}
      export const row: QueryPenguinsArgs = { island: 'Biscoe', wingSpan: 3 };`;
    expect(problemsOf(unknownColumn).join()).toContain('wingSpan');
  });
});
