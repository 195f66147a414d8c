import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, render } from '../../scripts/docs.ts';

describe('generated tables of the documentation', () => {
  it.each(DOCUMENTS)('%s is up to date (npm run docs)', (document) => {
    const text = readFileSync(document, 'utf8');
    expect(text).toBe(render(text));
  });
});
