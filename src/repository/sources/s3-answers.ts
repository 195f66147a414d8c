import { SourceError } from './source.ts';

/** An object of a bucket. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
}

/** A page of a listing. */
export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  /** Where the next page begins; `null` at the end. */
  readonly next: string | null;
}

/**
 * Reads an answer to `ListObjectsV2`.
 *
 * @throws {SourceError} for text that is none
 */
export function parseObjectPage(xml: string, label: string): ObjectPage {
  if (!/<ListBucketResult[\s>]/.test(xml)) {
    throw new SourceError(`${label} does not answer as S3 does`);
  }
  const isUrlEncoded =
    tagOf(xml.replace(/<Contents>[\s\S]*/, ''), 'EncodingType') === 'url' ||
    tagOf(xml.slice(xml.lastIndexOf('</Contents>') + 1), 'EncodingType') === 'url';
  const decode = (text: string): string => {
    if (!isUrlEncoded) return text;
    try {
      return decodeURIComponent(text.replaceAll('+', ' '));
    } catch {
      throw new SourceError(`${label} lists a key that is not encoded as it says`);
    }
  };
  const objects: ListedObject[] = [];
  for (const [, content = ''] of xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
    const key = tagOf(content, 'Key');
    const size = Number(tagOf(content, 'Size') ?? NaN);
    if (key === null || !Number.isSafeInteger(size) || size < 0) {
      throw new SourceError(`${label} lists an object without key or size`);
    }
    const etag = (tagOf(content, 'ETag') ?? '').replaceAll('"', '');
    objects.push({ key: decode(key), size, etag });
  }
  const outside = xml.replaceAll(/<Contents>[\s\S]*?<\/Contents>/g, '');
  const isTruncated = tagOf(outside, 'IsTruncated') === 'true';
  const next = tagOf(outside, 'NextContinuationToken');
  if (isTruncated && next === null) {
    throw new SourceError(`${label} says that there is more, but not where`);
  }
  return { objects, next: isTruncated ? next : null };
}

/** Code of an error in XML, such as `ExpiredToken`. */
export function s3ErrorCode(body: string): string | null {
  const code = tagOf(body, 'Code');
  return code !== null && /^[A-Za-z0-9.]{1,64}$/.test(code) ? code : null;
}

function tagOf(xml: string, tag: string): string | null {
  const match = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml);
  return match?.[1] === undefined ? null : decodeEntities(match[1]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
