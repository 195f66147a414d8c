import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    // The quick start names files of the reader's own application.
    .filter((file) => file.endsWith('.md') && file !== 'quickstart.md')
    .map((file) => path.join('docs', file)),
];

/** Files and folders of the repository that a text names, without those with a `<placeholder>`. */
function namedPaths(text: string): string[] {
  const spans = text.matchAll(/`((?:src|schema|test|bench|scripts|console)\/[^`\s<>*…]*)`/g);
  return Array.from(spans, ([, named = '']) => named);
}

describe('the architecture in the documentation', () => {
  it.each(documents)('%s names sources that exist', (document) => {
    const named = namedPaths(readFileSync(document, 'utf8'));
    expect(named.filter((each) => !existsSync(each))).toEqual([]);
  });

  it('leads through every folder of the sources', () => {
    const text = readFileSync('docs/architecture.md', 'utf8');
    const folders = readdirSync('src', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `\`src/${name}/\``);
    expect(folders.filter((folder) => !text.includes(folder))).toEqual([]);
    const ways = ['http-server.ts', 'websocket.ts', 'grpc-calls.ts', 'predictor.ts', 'batcher.ts'];
    for (const file of ways) expect(namedPaths(text).join()).toContain(file);
  });
});
