import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type ErrorCode, ERRORS } from '../../../src/errors.ts';

/** A request as a fuzzer makes it. */
export interface FuzzRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const JSON_TYPE = { 'content-type': 'application/json' };

const PATHS = [
  '/graphql',
  '/predict',
  '/predict/batch',
  '/v2/models/digits/infer',
  '/v2/models/banking77/infer',
  '/v2/models/banking77/generate',
  '/v2/repository/index',
];

const path = fc.constantFrom(...PATHS);

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Texts that have broken parsers before. */
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('__proto__', 'constructor', '\0', '\ud800', '١', 'NaN', '1e999', ' '.repeat(50)),
);

const anyJson = fc.jsonValue({ maxDepth: 4 });

/** Bodies of any bytes and kind, to any API. */
export const bodies: fc.Arbitrary<FuzzRequest> = fc.record({
  path,
  headers: fc.record(
    {
      'content-type': fc.constantFrom(
        'application/json',
        'application/json; charset=utf-8',
        'application/octet-stream',
        'multipart/form-data; boundary=x',
        'text/plain',
        'application/graphql+json',
      ),
      'content-encoding': fc.constantFrom('identity', 'gzip', 'deflate', 'br'),
      'inference-header-content-length': fc.oneof(
        fc.integer({ min: -1, max: 60 }).map(String),
        fc.constantFrom('', 'x', '1e3', '99999999999999999999'),
      ),
      accept: fc.constantFrom('*/*', 'text/event-stream', 'application/graphql-response+json', 'x'),
      'x-request-timeout-ms': fc.constantFrom('0', '10000', '-1', 'x'),
    },
    { requiredKeys: [] },
  ),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
    // JSON with some of it cut off or doubled.
    fc
      .tuple(fc.json({ maxDepth: 4 }), fc.nat(100), fc.nat(100))
      .map(([text, from, to]) => Buffer.from(text.slice(0, from) + text.slice(to))),
  ),
});

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const input = fc.oneof(
  anyJson,
  fc.record({ text: fc.oneof(oddText, anyJson) }),
  fc.record({ features: fc.oneof(fc.dictionary(oddText, anyJson), anyJson) }),
  fc.record({ image: fc.oneof(oddText, fc.base64String({ maxLength: 100 }), anyJson) }),
  fc.record({ tensors: anyJson }),
);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });

/** Requests that are nearly what REST takes. */
export const rest: fc.Arbitrary<FuzzRequest> = fc
  .record({
    isBatch: fc.boolean(),
    input,
    inputs: fc.oneof(fc.array(input, { maxLength: 5 }), anyJson),
    common: fc.record({
      model: optional(fc.oneof(oneOf('banking77', 'digits', 'penguins', 'nope'), anyJson)),
      version: optional(fc.oneof(oneOf('1', '2', ''), anyJson)),
      scores: optional(fc.oneof(fc.integer({ min: -2, max: 200_000 }), anyJson)),
      outputs: optional(fc.oneof(fc.boolean(), anyJson)),
      options: optional(
        fc.oneof(anyJson, fc.record({ timeout_ms: anyJson }), fc.record({ cache: anyJson })),
      ),
      [`odd`]: optional(anyJson),
    }),
  })
  .map(({ isBatch, input: one, inputs, common }) => ({
    path: isBatch ? '/predict/batch' : '/predict',
    headers: JSON_TYPE,
    body: encode({ ...(isBatch ? { inputs } : { input: one }), ...common }),
  }));

const PICTURE = readFileSync('models/digits/examples/eight.png');

/** A real picture with some of its bytes changed, cut off or doubled. */
export const images: fc.Arbitrary<FuzzRequest> = fc
  .record({
    changes: fc.array(fc.tuple(fc.nat(PICTURE.length - 1), fc.nat(255)), { maxLength: 8 }),
    from: fc.nat(PICTURE.length),
    to: fc.nat(PICTURE.length),
    isCut: fc.boolean(),
    isUrl: fc.boolean(),
  })
  .map(({ changes, from, to, isCut, isUrl }) => {
    const picture = Buffer.from(PICTURE);
    for (const [at, byte] of changes) picture[at] = byte;
    const bytes = isCut
      ? Buffer.concat([picture.subarray(0, from), picture.subarray(to)])
      : picture;
    const image = (isUrl ? 'data:image/png;base64,' : '') + bytes.toString('base64');
    return {
      path: '/predict',
      headers: JSON_TYPE,
      body: encode({ model: 'digits', input: { image } }),
    };
  });

const datatype = oneOf(
  ...['BOOL', 'UINT8', 'INT32', 'INT64', 'UINT64', 'FP16', 'BF16', 'FP32', 'FP64', 'BYTES', 'X'],
);

const element = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.bigInt().map((value) => `${value}`),
  fc.boolean(),
  oddText,
  fc.constantFrom(null, 'Infinity', '-Infinity', '1e400'),
);

const tensor = fc.record({
  name: fc.oneof(oneOf('image', 'text', 'input', 'pixels'), oddText),
  datatype,
  shape: fc.oneof(
    fc.constantFrom([1, 1, 8, 8], [64], [2, 1, 8, 8], [1], [0], [], [-1]),
    fc.array(fc.oneof(fc.integer({ min: -2, max: 9 }), fc.double(), fc.maxSafeInteger()), {
      maxLength: 6,
    }),
  ),
  data: fc.oneof(
    fc.array(element, { maxLength: 70 }),
    fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 64, maxLength: 64 }),
    anyJson,
  ),
  parameters: optional(fc.oneof(anyJson, fc.record({ binary_data_size: fc.integer() }))),
});

/** Tensors of any kind, in JSON and in binary. */
export const tensors: fc.Arbitrary<FuzzRequest> = fc
  .record({
    model: oneOf('digits', 'banking77', 'penguins'),
    request: fc.record({
      inputs: fc.oneof(fc.array(tensor, { maxLength: 3 }), anyJson),
      outputs: optional(fc.oneof(fc.array(fc.record({ name: oddText })), anyJson)),
      id: optional(fc.oneof(fc.string(), anyJson)),
      parameters: optional(anyJson),
    }),
    binary: optional(fc.uint8Array({ maxLength: 300 })),
    extra: fc.integer({ min: -3, max: 3 }),
  })
  .map(({ model, request, binary, extra }) => {
    const json = encode(request);
    const lengths = { 'inference-header-content-length': String(json.length + extra) };
    return {
      path: `/v2/models/${model}/infer`,
      headers: { ...JSON_TYPE, ...(binary && lengths) },
      body: binary ? Buffer.concat([json, binary]) : json,
    };
  });

/** What is fuzzed over HTTP, by name. */
export const FUZZED = { bodies, rest, images, tensors } as const;

const CODES = new Set<string>(Object.keys(ERRORS));

/** Errors that no request may cause. */
const DEFECTS: ReadonlySet<string> = new Set<ErrorCode>(['INTERNAL_SERVER_ERROR']);

/** Codes of graphql-js that the registry does not list. */
const GRAPHQL_CODES: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

interface AnyAnswer {
  readonly error?: { readonly code?: string } | string;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/**
 * Sends a request, and holds the answer to what any answer must be.
 *
 * @throws {Error} for one that is no answer of the registry
 */
export async function sendFuzzed(url: string, { path: to, headers, body }: FuzzRequest) {
  const response = await fetch(url + to, {
    method: 'POST',
    headers,
    body: body as Uint8Array<ArrayBuffer>,
  });
  const text = await response.text();
  const wrong = (why: string) => new Error(`${why}: ${response.status} ${text.slice(0, 300)}`);
  if (response.status === 500 && !text.includes('model failed')) {
    if (!text.includes('INFERENCE_FAILED')) throw wrong('a defect');
  }
  if (!response.headers.get('content-type')?.includes('json')) return;
  const answer = JSON.parse(text) as AnyAnswer | unknown[];
  if (Array.isArray(answer)) return;
  const codes = [
    ...(answer.errors ?? []).map(({ extensions }) => extensions?.code),
    ...(typeof answer.error === 'object' ? [answer.error.code] : []),
  ];
  for (const code of codes) {
    if (code === undefined || DEFECTS.has(code)) throw wrong('a defect');
    if (!CODES.has(code) && !GRAPHQL_CODES.has(code)) throw wrong('an unknown code');
  }
}
