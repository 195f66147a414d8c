import { LRUCache } from 'lru-cache';

/** Documents longer than this are parsed each time; their syntax trees are large. */
const MAX_LENGTH = 16_384;

/** All cached documents together, in characters. */
const MAX_TOTAL_LENGTH = 2_000_000;

/**
 * A bounded cache by the text of a GraphQL document. Yoga's own counts documents, not their size: a
 * client that writes its inputs into the document would fill the memory.
 */
export function createDocumentCache<V extends object>() {
  const cache = new LRUCache<string, V>({
    max: 1_000,
    maxSize: MAX_TOTAL_LENGTH,
    sizeCalculation: (_value, text) => text.length + 1,
  });
  return {
    get: (text: string): V | undefined => (text.length > MAX_LENGTH ? undefined : cache.get(text)),
    set: (text: string, value: V): void => {
      if (text.length <= MAX_LENGTH) cache.set(text, value);
    },
  };
}
