import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { HashedNgrams, type HashedNgramsOptions } from '../../../src/codecs/text/hashed-ngrams.ts';
import { parseCsv } from './csv.ts';
import type { TrainingRows } from './network.ts';

/** The labelled questions, encoded as the server will encode them. */
export interface Dataset {
  texts: string[];
  /** The texts as the encoder normalises them. */
  normalised: string[];
  buckets: Int32Array[];
  labels: Int32Array;
  /** The names of the labels, in the order of the model's outputs. */
  names: string[];
  encoder: HashedNgrams;
  encoding: HashedNgramsOptions;
}

/** The options of the encoding, read from the manifest so that training and serving cannot drift. */
export function readEncoding(manifest: URL): HashedNgramsOptions {
  const { input } = parse(readFileSync(manifest, 'utf8')) as {
    input: { hashedNgrams: HashedNgramsOptions };
  };
  return input.hashedNgrams;
}

/** Reads a CSV of `text,category` with one line of headings. */
export function readDataset(path: string, encoding: HashedNgramsOptions): Dataset {
  const rows = parseCsv(readFileSync(path, 'utf8')).slice(1);
  const texts = rows.map(([text]) => text ?? '');
  const categories = rows.map(([, category]) => category ?? '');
  const names = [...new Set(categories)].sort();
  const encoder = new HashedNgrams(encoding);
  const normalised = texts.map((text) => encoder.normalise(text));
  return {
    texts,
    normalised,
    buckets: normalised.map((text) => encoder.encode(text)),
    labels: Int32Array.from(categories, (name) => names.indexOf(name)),
    names,
    encoder,
    encoding,
  };
}

/** Some of a dataset's rows as training wants them. */
export function trainingRows(data: Dataset, rows: readonly number[]): TrainingRows {
  return {
    size: rows.length,
    label: (row) => data.labels[rows[row]!]!,
    buckets: (row) => data.buckets[rows[row]!]!,
  };
}
