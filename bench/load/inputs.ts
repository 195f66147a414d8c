import type { BenchModel } from '../scenario.ts';
import { DigitImages } from './digit-images.ts';
import { Random } from './random.ts';

/** Tokens of one text for the encoder. */
export const SEQUENCE = 32;

/** Size of the encoder's vocabulary, that of MiniLM. */
export const VOCABULARY = 30_522;

/** A tensor in JSON. */
interface WireTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** One input as it stands in JSON under `input`. */
export type WireInput =
  string | { readonly image: string } | { readonly tensors: readonly WireTensor[] };

const OPENINGS = [
  'I am still waiting on my card',
  'Why was I charged a fee for',
  'My top up failed when I used',
  'How do I change the pin of',
  'The exchange rate is wrong for',
  'I do not recognise the payment to',
  'Can I get a refund for',
  'My transfer has not arrived at',
];

const WORDS = [
  ...['account', 'bank', 'balance', 'cash', 'cheque', 'country', 'currency', 'delivery', 'deposit'],
  ...[
    'identity',
    'machine',
    'merchant',
    'mistake',
    'money',
    'order',
    'passcode',
    'pending',
    'phone',
  ],
  ...[
    'receipt',
    'shop',
    'statement',
    'stolen',
    'ticket',
    'today',
    'travel',
    'virtual',
    'yesterday',
  ],
];

/** An endless row of inputs, no two alike; the same seed gives the same row. */
export function freshInputs(model: BenchModel, seed: number): () => WireInput {
  const random = new Random(seed);
  switch (model) {
    case 'banking77':
      return () => freshText(random);
    case 'digits': {
      const images = new DigitImages(random);
      return () => ({ image: images.next() });
    }
    case 'encoder':
      return () => ({
        tensors: [
          { name: 'input_ids', datatype: 'INT64', shape: [1, SEQUENCE], data: freshTokens(random) },
        ],
      });
  }
}

/** Random token numbers. */
export function freshTokens(random: Random): number[] {
  return Array.from({ length: SEQUENCE }, () => random.below(VOCABULARY));
}

/** A question of about the length that customers of a bank ask, with a number of its own. */
function freshText(random: Random): string {
  const word = () => WORDS[random.below(WORDS.length)] ?? '';
  const opening = OPENINGS[random.below(OPENINGS.length)] ?? '';
  return `${opening} ${word()} ${word()} ${random.bits().toString(36)}?`;
}
