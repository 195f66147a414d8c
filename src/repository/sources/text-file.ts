import { createHash } from 'node:crypto';
import type { SourceFile } from './source.ts';

/** A file that is made here. */
export function textFile(path: string, text: string): SourceFile {
  const content = Buffer.from(text);
  return {
    path,
    size: content.byteLength,
    tag: createHash('sha256').update(content).digest('hex'),
    open: () =>
      Promise.resolve({
        body: (async function* () {
          yield await Promise.resolve(content);
        })(),
      }),
  };
}
